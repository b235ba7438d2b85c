/* SPDX-License-Identifier: ISC */
/*
 * Memberships.  One row per member, so that adding one to a group of any size
 * touches the same few pages; a member known only by its DN is a row too and
 * turns into a known one when an entry with that DN arrives.
 */
#include "store/member.h"

#include "model/ref.h"
#include "store/fact.h"

/* A group may hold both the id and the waiting DN of one member. */
static int
drop_twice(struct au_store_tx *tx, const char *source, const char *id, const char *dn_norm, struct au_err *err)
{
	int rc = au_tx_run(tx, AU_QUERY(MEMBER_COUNT_TWICE, au_text(source), au_text(id), au_text(dn_norm)), NULL, err);
	if (rc < 0)
		return rc;
	return au_tx_run(tx, AU_QUERY(MEMBER_KNOWN_TWICE, au_text(source), au_text(id), au_text(dn_norm)), NULL, err);
}

static int
resolve_waiting(struct au_store_tx *tx, const char *source, const char *id, const char *dn_norm, struct au_err *err)
{
	int rc = drop_twice(tx, source, id, dn_norm, err);
	if (rc == 0)
		rc = au_tx_run(tx, AU_QUERY(MEMBER_COUNT_RESOLVED, au_text(source), au_text(dn_norm)), NULL, err);
	if (rc == 0)
		rc = au_tx_run(tx, AU_QUERY(MEMBER_RESOLVE, au_text(source), au_text(id), au_text(dn_norm)), NULL, err);
	return rc;
}

int
au_member_resolve(struct au_store_tx *tx, const char *source, const char *id, const char *dn_norm,
    long long *ret_resolved, struct au_err *err)
{
	long long waiting = 0;
	int rc = au_tx_number(tx, AU_QUERY(MEMBER_UNKNOWN, au_text(source), au_text(dn_norm)), &waiting, err);
	if (rc == 0 && waiting > 0)
		rc = resolve_waiting(tx, source, id, dn_norm, err);
	if (rc == 0)
		*ret_resolved = waiting;
	return rc;
}

int
au_member_move(struct au_store_tx *tx, const char *source, const char *id, const char *dn_norm, struct au_err *err)
{
	return au_tx_run(tx, AU_QUERY(MEMBER_MOVE, au_text(dn_norm), au_text(source), au_text(id)), NULL, err);
}

int
au_member_drop(struct au_store_tx *tx, const char *source, const char *id, long long num, struct au_err *err)
{
	int rc = au_tx_run(tx, AU_QUERY(MEMBER_COUNT_LEFT, au_text(source), au_text(id)), NULL, err);
	if (rc == 0)
		rc = au_tx_run(tx, AU_QUERY(MEMBER_LEAVE_ALL, au_text(source), au_text(id)), NULL, err);
	return rc < 0 ? rc : au_tx_run(tx, AU_QUERY(MEMBER_EMPTY, au_number(num)), NULL, err);
}

static int
find_group(struct au_store_tx *tx, const char *source, const char *group_id, long long *ret, struct au_err *err)
{
	return au_tx_one(tx, NULL, AU_QUERY(MEMBER_GROUP, au_text(source), au_text(group_id)), au_row_number, ret,
	    "group", group_id, err);
}

static int
find_entry(struct au_store_tx *tx, struct au_query query, struct au_brief *ret, struct au_err *err)
{
	int rc = au_tx_first(tx, au_tx_scratch(tx), query, au_row_brief, ret, err);
	return rc < 0 ? rc : 0;
}

struct opened {
	long long group;
	bool has_list;
};

static void
read_opened(const struct au_value *row, struct au_arena *arena, void *object)
{
	(void)arena;
	*(struct opened *)object = (struct opened){ row[0].number, row[1].number != 0 };
}

/* What was said of its members is not believed any more. */
int
au_store_group_open(
    struct au_store_tx *tx, const char *source, const char *group_id, struct au_group_change *ret, struct au_err *err)
{
	struct opened opened = { 0, false };
	int rc = au_tx_one(tx, NULL, AU_QUERY(MEMBER_OPEN, au_text(source), au_text(group_id)), read_opened, &opened,
	    "group", group_id, err);
	if (rc == 0 && opened.has_list)
		rc = au_tx_run(tx, AU_QUERY(LIST_DROP, au_number(opened.group)), NULL, err);
	if (rc == 0)
		*ret = (struct au_group_change){ .source = source, .group = opened.group };
	return rc;
}

int
au_store_group_close(struct au_store_tx *tx, const struct au_group_change *change, struct au_err *err)
{
	if (change->members == 0 && change->known == 0)
		return 0;
	return au_tx_run(tx,
	    AU_QUERY(MEMBER_COUNT_ADD, au_number(change->members), au_number(change->known), au_number(change->group)),
	    NULL, err);
}

static void
count(struct au_group_change *change, long long more, bool are_known)
{
	change->members += more;
	change->known += are_known ? more : 0;
}

static int
remove_ref(struct au_store_tx *tx, struct au_group_change *change, const char *ref, bool is_known, bool *ret_was,
    struct au_err *err)
{
	long long changes = 0;
	int rc = au_tx_run(
	    tx, AU_QUERY(MEMBER_REMOVE, au_number(change->group), au_text(ref), au_number(is_known)), &changes, err);
	count(change, -changes, is_known);
	if (rc == 0)
		*ret_was = changes > 0;
	return rc;
}

/* The row of a member that is not there yet; of one that is, only the display name changes. */
static int
put_member(struct au_store_tx *tx, struct au_group_change *change, const char *id, const struct au_member *member,
    bool *ret_added, struct au_err *err)
{
	struct au_value group = au_number(change->group);
	long long added = 0;
	const char *ref = id ? id : member->dn_norm;
	int rc = au_tx_run(tx,
	    AU_QUERY(MEMBER_ADD, group, au_text(ref), au_number(id != NULL), au_text(change->source),
		au_text(id ? member->dn_norm : NULL), au_text(member->display)),
	    &added, err);
	count(change, added, id != NULL);
	if (rc == 0 && added == 0 && member->display)
		rc = au_tx_run(tx, AU_QUERY(MEMBER_DISPLAY, group, au_text(ref), au_text(member->display)), NULL, err);
	if (rc == 0 && added == 0 && id && member->dn_norm && !au_ref_user_name(member->dn_norm))
		rc = au_tx_run(tx, AU_QUERY(MEMBER_PREFER_DN, group, au_text(id), au_text(member->dn_norm)), NULL, err);
	if (rc == 0)
		*ret_added = added > 0;
	return rc;
}

int
au_store_group_add(struct au_store_tx *tx, struct au_group_change *change, const struct au_member *member,
    bool *ret_added, struct au_err *err)
{
	struct au_value source = au_text(change->source);
	struct au_brief entry = { 0 };
	bool was_waiting = false, added = false;
	int rc = 0;
	if (!member->id && !member->dn_norm)
		return au_fail(err, AU_EINVAL, "a member needs an id or a DN");
	if (member->id)
		rc = find_entry(tx, AU_QUERY(ENTRY_BRIEF, source, au_text(member->id)), &entry, err);
	else if (au_ref_user_name(member->dn_norm))
		rc = au_name_find(tx, change->source, member->dn_norm, &entry, err);
	else
		rc = find_entry(tx, AU_QUERY(ENTRY_BRIEF_BY_DN, source, au_text(member->dn_norm)), &entry, err);
	if (rc == 0 && member->id && member->dn_norm)
		rc = remove_ref(tx, change, member->dn_norm, false, &was_waiting, err);
	if (rc == 0)
		rc = put_member(tx, change, member->id ? member->id : entry.id, member, &added, err);
	if (rc == 0 && added)
		rc = au_dirty_mark_brief(tx, &entry, err);
	if (rc == 0 && ret_added)
		*ret_added = added && !was_waiting;
	return rc;
}

int
au_store_group_remove(
    struct au_store_tx *tx, struct au_group_change *change, const char *id, bool *ret_was, struct au_err *err)
{
	struct au_brief entry = { 0 };
	bool was = false;
	int rc = remove_ref(tx, change, id, true, &was, err);
	if (rc == 0 && was)
		rc = find_entry(tx, AU_QUERY(ENTRY_BRIEF, au_text(change->source), au_text(id)), &entry, err);
	if (rc == 0)
		rc = au_dirty_mark_brief(tx, &entry, err);
	if (rc == 0 && ret_was)
		*ret_was = was;
	return rc;
}

int
au_store_group_remove_dn(
    struct au_store_tx *tx, struct au_group_change *change, const char *dn_norm, bool *ret_was, struct au_err *err)
{
	bool was = false;
	const char *id = NULL;
	int rc = remove_ref(tx, change, dn_norm, false, &was, err);
	if (rc == 0 && !was)
		rc = au_tx_first(tx, au_tx_scratch(tx),
		    AU_QUERY(MEMBER_REF_BY_DN, au_text(change->source), au_text(dn_norm), au_number(change->group)),
		    au_row_text, &id, err);
	if (rc == 1)
		rc = au_store_group_remove(tx, change, id, &was, err);
	if (rc == 0 && ret_was)
		*ret_was = was;
	return rc;
}

int
au_store_member_add(struct au_store_tx *tx, const char *source, const char *group_id, const struct au_member *member,
    bool *ret_added, struct au_err *err)
{
	struct au_group_change change = { 0 };
	int rc = au_store_group_open(tx, source, group_id, &change, err);
	if (rc == 0)
		rc = au_store_group_add(tx, &change, member, ret_added, err);
	return rc < 0 ? rc : au_store_group_close(tx, &change, err);
}

int
au_store_member_remove(struct au_store_tx *tx, const char *source, const char *group_id, const char *member_id,
    bool *ret_was, struct au_err *err)
{
	struct au_group_change change = { 0 };
	int rc = au_store_group_open(tx, source, group_id, &change, err);
	if (rc == 0)
		rc = au_store_group_remove(tx, &change, member_id, ret_was, err);
	return rc < 0 ? rc : au_store_group_close(tx, &change, err);
}

int
au_store_member_remove_dn(struct au_store_tx *tx, const char *source, const char *group_id, const char *dn_norm,
    bool *ret_was, struct au_err *err)
{
	struct au_group_change change = { 0 };
	int rc = au_store_group_open(tx, source, group_id, &change, err);
	if (rc == 0)
		rc = au_store_group_remove_dn(tx, &change, dn_norm, ret_was, err);
	return rc < 0 ? rc : au_store_group_close(tx, &change, err);
}

int
au_store_member_restate(struct au_store_tx *tx, const char *source, const char *group_id, const char *member_id,
    const char *dn_norm, struct au_err *err)
{
	long long group = 0;
	int rc = find_group(tx, source, group_id, &group, err);
	return rc < 0 ? rc
		      : au_tx_run(tx, AU_QUERY(MEMBER_RESTATE, au_number(group), au_text(member_id), au_text(dn_norm)),
			    NULL, err);
}

static void
read_member(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_member *member = object;
	const char *ref = au_arena_strdup(arena, row[0].text);
	bool is_known = row[1].number != 0;
	member->id = is_known ? ref : NULL;
	member->dn_norm = is_known ? au_arena_strdup(arena, row[2].text) : ref;
	member->display = au_arena_strdup(arena, row[3].text);
	member->kind = (enum au_entry_kind)row[4].number;
	member->name = au_arena_strdup(arena, row[5].text);
	member->user_name = au_arena_strdup(arena, row[6].text);
}

int
au_store_member_list(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *group_id,
    const char *after, size_t limit, struct au_member **ret, size_t *ret_count, struct au_err *err)
{
	long long group = 0;
	int rc = find_group(tx, source, group_id, &group, err);
	if (rc < 0)
		return rc;
	return au_tx_all(tx, arena,
	    AU_QUERY(MEMBER_LIST, au_number(group), au_text(after), au_number((long long)limit)), read_member,
	    sizeof(**ret), ret, ret_count, err);
}

struct walk {
	au_member_visit *visit;
	void *ctx;
};

static int
visit_held(const struct au_value *row, void *ctx, struct au_err *err)
{
	const struct walk *walk = ctx;
	bool is_known = row[1].number != 0;
	struct au_member_held held = { .id = is_known ? row[0].text : NULL,
		.dn_norm = is_known ? row[2].text : row[0].text,
		.user_name = row[3].text };
	return walk->visit(walk->ctx, &held, err);
}

int
au_store_member_held(struct au_store_tx *tx, const char *source, const char *group_id, const char *after, size_t limit,
    au_member_visit *visit, void *ctx, struct au_err *err)
{
	struct walk walk = { visit, ctx };
	long long group = 0;
	int rc = find_group(tx, source, group_id, &group, err);
	return rc < 0 ? rc
		      : au_tx_each(tx,
			    AU_QUERY(MEMBER_HELD, au_number(group), au_text(after), au_number((long long)limit)),
			    visit_held, &walk, err);
}

int
au_store_list_put(struct au_store_tx *tx, const char *source, const char *group_id,
    const unsigned char digest[AU_LIST_DIGEST], struct au_err *err)
{
	return au_tx_run(
	    tx, AU_QUERY(LIST_PUT, au_text(source), au_text(group_id), au_blob(digest, AU_LIST_DIGEST)), NULL, err);
}

int
au_store_list_is(struct au_store_tx *tx, const char *source, const char *group_id,
    const unsigned char digest[AU_LIST_DIGEST], bool *ret, struct au_err *err)
{
	long long found = 0;
	int rc = au_tx_number(
	    tx, AU_QUERY(LIST_IS, au_text(source), au_text(group_id), au_blob(digest, AU_LIST_DIGEST)), &found, err);
	if (rc == 0)
		*ret = found != 0;
	return rc;
}

int
au_store_member_get(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *group_id,
    const char *member_id, struct au_member *ret, struct au_err *err)
{
	long long group = 0;
	int rc = find_group(tx, source, group_id, &group, err);
	if (rc < 0)
		return rc;
	return au_tx_one(tx, arena, AU_QUERY(MEMBER_GET, au_number(group), au_text(member_id)), read_member, ret,
	    "member", member_id, err);
}

int
au_store_member_count(
    struct au_store_tx *tx, const char *source, const char *group_id, long long *ret, struct au_err *err)
{
	return au_tx_one(tx, NULL, AU_QUERY(MEMBER_COUNT, au_text(source), au_text(group_id)), au_row_number, ret,
	    "group", group_id, err);
}

int
au_store_member_count_known(
    struct au_store_tx *tx, const char *source, const char *group_id, long long *ret, struct au_err *err)
{
	return au_tx_one(tx, NULL, AU_QUERY(MEMBER_COUNT_KNOWN, au_text(source), au_text(group_id)), au_row_number, ret,
	    "group", group_id, err);
}

int
au_store_member_people(struct au_store_tx *tx, const char *source, const char *group_id, long long depth,
    long long limit, long long *ret, struct au_err *err)
{
	return au_tx_number(tx,
	    AU_QUERY(MEMBER_PEOPLE, au_text(source), au_text(group_id), au_number(depth), au_number(limit)), ret, err);
}

bool
au_store_member_has(struct au_store_tx *tx, const char *source, const char *group_id, const char *member_id)
{
	long long found = 0;
	int rc = au_tx_number(
	    tx, AU_QUERY(MEMBER_HAS, au_text(source), au_text(group_id), au_text(member_id)), &found, NULL);
	return rc == 0 && found != 0;
}

int
au_store_member_groups(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *member_id,
    struct au_entry **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(MEMBER_GROUPS, au_text(source), au_text(member_id)), au_row_entry,
	    sizeof(**ret), ret, ret_count, err);
}

int
au_store_member_stale(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *member_id,
    struct au_entry **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(MEMBER_STALE, au_text(source), au_text(member_id)), au_row_entry,
	    sizeof(**ret), ret, ret_count, err);
}

/* Up to the first comma that is not part of a value; all of it when there is none. */
static size_t
first_part(const char *dn_norm)
{
	size_t len = 0;

	while (dn_norm[len] != '\0' && dn_norm[len] != ',')
		len += dn_norm[len] == '\\' && dn_norm[len + 1] != '\0' ? 2 : 1;
	return len;
}

int
au_store_member_strays(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *dn_norm,
    size_t limit, struct au_entry **ret, size_t *ret_count, struct au_err *err)
{
	const char *part = au_arena_strndup(arena, dn_norm, first_part(dn_norm));
	/* '-' comes right behind ','. */
	const char *from = au_arena_printf(arena, "%s,", part), *to = au_arena_printf(arena, "%s-", part);

	return au_tx_all(tx, arena,
	    AU_QUERY(MEMBER_STRAY, au_text(source), au_text(from), au_text(to), au_number((long long)limit)),
	    au_row_entry, sizeof(**ret), ret, ret_count, err);
}

static void
read_nested(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_nesting_link *link = object;

	au_row_text(&row[0], arena, &link->inner);
	au_row_text(&row[1], arena, &link->outer);
	au_row_text(&row[2], arena, &link->inner_name);
	au_row_text(&row[3], arena, &link->outer_name);
}

int
au_store_member_nested(struct au_store_tx *tx, struct au_arena *arena, const char *source, struct au_nesting_link **ret,
    size_t *ret_count, struct au_err *err)
{
	return au_tx_all(
	    tx, arena, AU_QUERY(MEMBER_NESTED, au_text(source)), read_nested, sizeof(**ret), ret, ret_count, err);
}

static void
read_unknown(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_member_unknown *unknown = object;

	(void)arena;
	*unknown = (struct au_member_unknown){ row[0].number, row[1].number };
}

int
au_store_member_unknown(struct au_store_tx *tx, const char *source, const char *const bases_norm[2],
    struct au_member_unknown *ret, struct au_err *err)
{
	int rc = au_tx_first(tx, NULL,
	    AU_QUERY(MEMBER_STRANGERS, au_text(source), au_text(bases_norm[0]), au_text(bases_norm[1])), read_unknown,
	    ret, err);

	return rc < 0 ? rc : 0;
}

static void
read_member_of(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_member_of *of = object;

	au_row_entry(row, arena, &of->group);
	of->direct = row[AU_ROW_ENTRY].number != 0;
}

int
au_store_member_of(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *member_id,
    size_t limit, struct au_member_of **ret, size_t *ret_count, struct au_err *err)
{
	long long any = 0;
	/* Most are in none, and the walk is dear even where it finds nothing. */
	int rc = au_tx_number(tx, AU_QUERY(MEMBER_IN_ANY, au_text(source), au_text(member_id)), &any, err);
	if (rc == 0 && any == 0) {
		*ret = NULL;
		*ret_count = 0;
	}
	if (rc < 0 || any == 0)
		return rc;
	return au_tx_all(tx, arena,
	    AU_QUERY(MEMBER_OF, au_text(source), au_text(member_id), au_number((long long)limit)), read_member_of,
	    sizeof(**ret), ret, ret_count, err);
}
