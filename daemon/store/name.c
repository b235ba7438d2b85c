/* SPDX-License-Identifier: ISC */
/*
 * Members that groups name by user name.  A name leads to a person only as
 * long as exactly one has it: with two of them nobody is in the group by it.
 */
#include "base/str.h"
#include "model/ref.h"
#include "store/dirty.h"
#include "store/fact.h"
#include "store/member.h"

#define ENOUGH 2 /* more of a name make no difference */

static int
find_people(struct au_store_tx *tx, const char *source, const char *ref, struct au_brief **ret, size_t *ret_count,
    struct au_err *err)
{
	return au_tx_all(tx, au_tx_scratch(tx),
	    AU_QUERY(ENTRY_BRIEF_BY_NAME, au_text(source), au_text(au_ref_user_name(ref)), au_number(ENOUGH)),
	    au_row_brief, sizeof(**ret), ret, ret_count, err);
}

int
au_name_find(struct au_store_tx *tx, const char *source, const char *ref, struct au_brief *ret, struct au_err *err)
{
	struct au_brief *people = NULL;
	size_t count = 0;
	int rc = find_people(tx, source, ref, &people, &count, err);
	if (rc == 0 && count == 1)
		*ret = people[0];
	return rc;
}

/* A group may wait for the name beside somebody whom it still holds by it. */
static int
drop_twice(struct au_store_tx *tx, const char *source, const char *ref, const char *id, struct au_err *err)
{
	struct au_value of = au_text(source), name = au_text(ref), but = au_text(id);
	int rc = au_tx_run(tx, AU_QUERY(MEMBER_COUNT_NAMED_TWICE, of, name, but), NULL, err);
	return rc < 0 ? rc : au_tx_run(tx, AU_QUERY(MEMBER_NAMED_TWICE, of, name, but), NULL, err);
}

/* Those in groups by this name become unknown there again, but for the one that has it. */
static int
leave_by_name(struct au_store_tx *tx, const char *source, const char *ref, const char *id, struct au_err *err)
{
	int rc = au_tx_run(tx, AU_QUERY(DIRTY_MARK_NAMED, au_text(source), au_text(ref), au_text(id)), NULL, err);
	if (rc == 0)
		rc = drop_twice(tx, source, ref, id, err);
	if (rc == 0)
		rc = au_tx_run(
		    tx, AU_QUERY(MEMBER_COUNT_UNNAMED, au_text(source), au_text(ref), au_text(id)), NULL, err);
	if (rc == 0)
		rc = au_tx_run(tx, AU_QUERY(MEMBER_UNNAME, au_text(source), au_text(ref), au_text(id)), NULL, err);
	return rc;
}

/* What groups hold by a name that nobody has any more stays until they are read again: its people may be renamed. */
int
au_name_settle(struct au_store_tx *tx, const char *source, const char *ref, struct au_err *err)
{
	struct au_brief *people = NULL;
	size_t count = 0;
	long long named = 0, resolved = 0;
	int rc = au_tx_number(tx, AU_QUERY(MEMBER_NAMED, au_text(source), au_text(ref)), &named, err);
	if (rc < 0 || named == 0)
		return rc;
	rc = find_people(tx, source, ref, &people, &count, err);
	const char *id = rc == 0 && count == 1 ? people[0].id : NULL;
	if (rc == 0 && count > 0)
		rc = leave_by_name(tx, source, ref, id, err);
	if (rc == 0 && id)
		rc = au_member_resolve(tx, source, id, ref, &resolved, err);
	if (rc == 0 && resolved > 0)
		rc = au_dirty_mark_brief(tx, &people[0], err);
	return rc;
}

int
au_store_member_rivals(struct au_store_tx *tx, const char *source, const char *ref, long long *ret, struct au_err *err)
{
	return au_tx_number(
	    tx, AU_QUERY(MEMBER_RIVALS, au_text(source), au_text(ref), au_text(au_ref_user_name(ref))), ret, err);
}

int
au_store_entry_by_user_name(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *ref,
    struct au_entry *ret, struct au_err *err)
{
	struct au_brief person = { 0 };
	int rc = au_name_find(tx, source, ref, &person, err);
	if (rc == 0 && person.num == 0)
		rc = au_fail(err, AU_ENOENT, "user name '%s': not one person's", au_ref_user_name(ref));
	return rc < 0 ? rc : au_store_entry_get(tx, arena, source, person.id, ret, err);
}
