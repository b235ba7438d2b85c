/* SPDX-License-Identifier: ISC */
/*
 * Dirty correlation keys.  A key is in the list once, at the place of its
 * first mark, so that no key waits for ever behind busier ones.
 */
#include "store/dirty.h"

#include "store/apiuser.h"
#include "store/fact.h"

int
au_store_dirty_mark(struct au_store_tx *tx, const char *key, struct au_err *err)
{
	return au_tx_run(tx, AU_QUERY(DIRTY_MARK, au_text(key)), NULL, err);
}

int
au_store_dirty_mark_apiuser(struct au_store_tx *tx, struct au_arena *arena, const char *id, struct au_err *err)
{
	struct au_apiuser user;
	int rc = au_store_apiuser_get(tx, arena, id, &user, err);

	if (rc < 0)
		return rc == AU_ENOENT ? 0 : rc;
	return au_store_dirty_mark(tx, user.key, err);
}

int
au_dirty_mark_group(struct au_store_tx *tx, long long group, struct au_err *err)
{
	return au_tx_run(tx, AU_QUERY(DIRTY_MARK_GROUP, au_number(group)), NULL, err);
}

void
au_row_brief(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_brief *brief = object;
	brief->num = row[0].number;
	brief->kind = (enum au_entry_kind)row[1].number;
	brief->id = au_arena_strdup(arena, row[2].text);
	brief->key = au_arena_strdup(arena, row[3].text);
}

int
au_dirty_mark_brief(struct au_store_tx *tx, const struct au_brief *brief, struct au_err *err)
{
	if (brief->num && brief->kind == AU_ENTRY_GROUP)
		return au_dirty_mark_group(tx, brief->num, err);
	return brief->key ? au_store_dirty_mark(tx, brief->key, err) : 0;
}

int
au_store_dirty_mark_all(struct au_store_tx *tx, struct au_err *err)
{
	int rc = au_tx_run(tx, AU_QUERY(DIRTY_MARK_ENTRIES), NULL, err);
	return rc < 0 ? rc : au_tx_run(tx, AU_QUERY(DIRTY_MARK_USERS), NULL, err);
}

struct dirty_row {
	long long num;
	const char *key;
};

static void
read_dirty(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct dirty_row *dirty = object;
	dirty->num = row[0].number;
	dirty->key = au_arena_strdup(arena, row[1].text);
}

int
au_store_dirty_take(struct au_store_tx *tx, struct au_arena *arena, size_t limit, const char ***ret_keys,
    size_t *ret_count, struct au_err *err)
{
	struct dirty_row *rows = NULL;
	size_t count = 0;
	int rc = au_tx_all(tx, arena, AU_QUERY(DIRTY_OLDEST, au_number((long long)limit)), read_dirty, sizeof(*rows),
	    &rows, &count, err);
	if (rc == 0 && count > 0)
		rc = au_tx_run(tx, AU_QUERY(DIRTY_REMOVE, au_number(rows[count - 1].num)), NULL, err);
	if (rc < 0)
		return rc;
	const char **keys = au_arena_alloc(arena, (count + 1) * sizeof(*keys));
	for (size_t i = 0; i < count; i++)
		keys[i] = rows[i].key;
	*ret_keys = keys;
	*ret_count = count;
	return 0;
}

int
au_store_key_list(struct au_store_tx *tx, struct au_arena *arena, const char *after, size_t limit,
    const char ***ret_keys, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(KEY_LIST, au_text(after), au_number((long long)limit)), au_row_text,
	    sizeof(**ret_keys), ret_keys, ret_count, err);
}

int
au_store_dirty_has(struct au_store_tx *tx, const char *key, bool *ret, struct au_err *err)
{
	long long count = 0;
	int rc = au_tx_number(tx, AU_QUERY(DIRTY_HAS, au_text(key)), &count, err);

	if (rc == 0)
		*ret = count > 0;
	return rc;
}

int
au_store_dirty_count(struct au_store_tx *tx, long long *ret, struct au_err *err)
{
	return au_tx_number(tx, AU_QUERY(DIRTY_COUNT), ret, err);
}

int
au_store_dirty_last(struct au_store_tx *tx, long long *ret_place, struct au_err *err)
{
	return au_tx_number(tx, AU_QUERY(DIRTY_LAST), ret_place, err);
}

int
au_store_dirty_is_left(struct au_store_tx *tx, long long place, bool *ret, struct au_err *err)
{
	struct dirty_row first = { 0 };
	int rc = au_tx_first(tx, au_tx_scratch(tx), AU_QUERY(DIRTY_OLDEST, au_number(1)), read_dirty, &first, err);

	if (rc >= 0)
		*ret = rc == 1 && first.num <= place;
	return rc < 0 ? rc : 0;
}
