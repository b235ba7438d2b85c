/* SPDX-License-Identifier: ISC */
/* API users, with folded copies of what people type when they look for one. */
#include "store/apiuser.h"

#include "base/text.h"
#include "store/tx.h"

static void
read_apiuser(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_apiuser *user = object;
	user->id = au_arena_strdup(arena, row[0].text);
	user->key = au_arena_strdup(arena, row[1].text);
	user->user_name = au_arena_strdup(arena, row[2].text);
	user->display_name = au_arena_strdup(arena, row[3].text);
	user->given_name = au_arena_strdup(arena, row[4].text);
	user->family_name = au_arena_strdup(arena, row[5].text);
	user->mail = au_arena_strdup(arena, row[6].text);
	user->conflict = au_arena_strdup(arena, row[7].text);
	user->created_ms = row[8].number;
	user->changed_ms = row[9].number;
	user->owner = au_arena_strdup(arena, row[10].text);
	user->owner_ref = au_arena_strdup(arena, row[11].text);
	user->application = au_arena_strdup(arena, row[12].text);
	user->expires_ms = row[13].number;
	user->term_ms = row[14].number;
	user->told_ms = row[15].number;
	user->owner_state = (enum au_owner_state)row[16].number;
	user->owner_ms = row[17].number;
}

static const char *
fold(struct au_store_tx *tx, const char *text)
{
	return text ? au_text_fold(au_tx_scratch(tx), text) : NULL;
}

int
au_store_apiuser_put(struct au_store_tx *tx, const struct au_apiuser *user, struct au_err *err)
{
	int rc = au_tx_run(tx,
	    AU_QUERY(APIUSER_PUT, au_text(user->id), au_text(user->key), au_text(user->user_name),
		au_text(user->display_name), au_text(user->given_name), au_text(user->family_name), au_text(user->mail),
		au_text(user->conflict), au_number(user->created_ms), au_number(user->changed_ms), au_text(user->owner),
		au_text(user->owner_ref), au_text(user->application), au_number(user->expires_ms),
		au_number(user->term_ms), au_number(user->told_ms), au_number(user->owner_state),
		au_number(user->owner_ms), au_text(fold(tx, user->user_name)), au_text(fold(tx, user->mail))),
	    NULL, err);
	if (rc == AU_EEXIST)
		return au_fail(err, AU_EEXIST, "API user '%s': another one has that key", user->key);
	return rc;
}

int
au_store_apiuser_remove(struct au_store_tx *tx, const char *id, struct au_err *err)
{
	size_t accounts = 0;
	const char **ids = NULL;
	int rc = au_tx_all(tx, au_tx_scratch(tx), AU_QUERY(ACCOUNT_BY_APIUSER, au_text(id)), au_row_text, sizeof(*ids),
	    &ids, &accounts, err);
	if (rc == 0 && accounts > 0)
		return au_fail(err, AU_EEXIST, "API user '%s': still has %zu accounts", id, accounts);
	return rc < 0 ? rc : au_tx_run(tx, AU_QUERY(APIUSER_REMOVE, au_text(id)), NULL, err);
}

int
au_store_apiuser_by_key(
    struct au_store_tx *tx, struct au_arena *arena, const char *key, struct au_apiuser *ret, struct au_err *err)
{
	return au_tx_one(tx, arena, AU_QUERY(APIUSER_BY_KEY, au_text(key)), read_apiuser, ret, "API user", key, err);
}

int
au_store_apiuser_get(
    struct au_store_tx *tx, struct au_arena *arena, const char *id, struct au_apiuser *ret, struct au_err *err)
{
	return au_tx_one(tx, arena, AU_QUERY(APIUSER_GET, au_text(id)), read_apiuser, ret, "API user", id, err);
}

int
au_store_apiuser_search(
    struct au_store_tx *tx, struct au_arena *arena, const char *word, struct au_apiuser *ret, struct au_err *err)
{
	struct au_apiuser *found = NULL;
	size_t count = 0;
	int rc = au_tx_all(tx, arena, AU_QUERY(APIUSER_SEARCH, au_text(word), au_text(fold(tx, word))), read_apiuser,
	    sizeof(*found), &found, &count, err);
	if (rc < 0)
		return rc;
	if (count == 0)
		return au_fail(err, AU_ENOENT, "API user '%s': not found", word);
	if (count > 1)
		return au_fail(err, AU_EEXIST, "API user '%s': several match, give an id", word);
	*ret = found[0];
	return 0;
}

int
au_store_apiuser_list(struct au_store_tx *tx, struct au_arena *arena, const char *after, size_t limit,
    struct au_apiuser **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(APIUSER_LIST, au_text(after), au_number((long long)limit)), read_apiuser,
	    sizeof(**ret), ret, ret_count, err);
}

int
au_store_apiuser_conflicts(struct au_store_tx *tx, struct au_arena *arena, size_t limit, struct au_apiuser **ret,
    size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(APIUSER_CONFLICTS, au_number((long long)limit)), read_apiuser,
	    sizeof(**ret), ret, ret_count, err);
}

int
au_store_apiuser_ending(struct au_store_tx *tx, struct au_arena *arena, long long after_ms, const char *after_key,
    long long until_ms, size_t limit, struct au_apiuser **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena,
	    AU_QUERY(APIUSER_ENDING, au_number(after_ms), au_text(after_key), au_number(until_ms),
		au_number((long long)limit)),
	    read_apiuser, sizeof(**ret), ret, ret_count, err);
}

static void
read_ends(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_apiuser_ends *ends = object;

	(void)arena;
	ends->expired = row[0].number;
	ends->expiring = row[1].number;
	ends->owner_left = row[2].number;
}

int
au_store_apiuser_ends(
    struct au_store_tx *tx, long long now_ms, long long until_ms, struct au_apiuser_ends *ret, struct au_err *err)
{
	struct au_apiuser_ends ends = { 0 };
	int rc = au_tx_first(
	    tx, NULL, AU_QUERY(APIUSER_ENDS, au_number(now_ms), au_number(until_ms)), read_ends, &ends, err);

	if (rc < 0)
		return rc;
	*ret = ends;
	return 0;
}

int
au_store_apiuser_count(struct au_store_tx *tx, long long *ret, struct au_err *err)
{
	return au_tx_number(tx, AU_QUERY(APIUSER_COUNT), ret, err);
}
