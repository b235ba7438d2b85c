/* SPDX-License-Identifier: ISC */
/* Log-in names are looked up folded: most products do not tell upper from lower case. */
#include "store/stranger.h"

#include "base/str.h"
#include "base/text.h"
#include "store/tx.h"

static const char *
fold(struct au_store_tx *tx, const char *login)
{
	return au_text_fold(au_tx_scratch(tx), login);
}

static void
read_stranger(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_stranger *stranger = object;

	stranger->target = au_arena_strdup(arena, row[0].text);
	stranger->remote_id = au_arena_strdup(arena, row[1].text);
	stranger->login = au_arena_strdup(arena, row[2].text);
	stranger->label = au_arena_strdup(arena, row[3].text);
	stranger->first_name = au_arena_strdup(arena, row[4].text);
	stranger->last_name = au_arena_strdup(arena, row[5].text);
	stranger->mail = au_arena_strdup(arena, row[6].text);
	stranger->mark = au_arena_strdup(arena, row[7].text);
	stranger->active = (int)row[8].number;
	stranger->rights = au_arena_strdup(arena, row[9].text);
	stranger->first_ms = row[10].number;
}

int
au_store_stranger_put(struct au_store_tx *tx, const struct au_stranger *stranger, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(STRANGER_PUT, au_text(stranger->target), au_text(stranger->remote_id), au_text(stranger->login),
		au_text(stranger->label), au_text(stranger->first_name), au_text(stranger->last_name),
		au_text(stranger->mail), au_text(stranger->mark), au_number(stranger->active),
		au_text(stranger->rights), au_number(stranger->first_ms), au_text(fold(tx, stranger->login))),
	    NULL, err);
}

int
au_store_stranger_remove(
    struct au_store_tx *tx, const char *target, const char *remote_id, bool *ret_was_there, struct au_err *err)
{
	long long gone = 0;
	int rc = au_tx_run(tx, AU_QUERY(STRANGER_REMOVE, au_text(target), au_text(remote_id)), &gone, err);

	if (rc == 0 && ret_was_there != NULL)
		*ret_was_there = gone > 0;
	return rc;
}

int
au_store_stranger_list(struct au_store_tx *tx, struct au_arena *arena, const char *target, const char *after,
    size_t limit, struct au_stranger **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena,
	    AU_QUERY(STRANGER_LIST, au_text(target), au_text(after), au_number((long long)limit)), read_stranger,
	    sizeof(**ret), ret, ret_count, err);
}

int
au_store_stranger_named(struct au_store_tx *tx, struct au_arena *arena, const char *target, const char *login,
    struct au_stranger *ret, struct au_err *err)
{
	struct au_stranger *found = NULL;
	size_t count = 0;
	int rc = au_tx_all(tx, arena, AU_QUERY(STRANGER_NAMED, au_text(target), au_text(fold(tx, login))),
	    read_stranger, sizeof(*found), &found, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		if (count == 1 || au_streq(found[i].login, login)) {
			*ret = found[i];
			return 0;
		}
	if (rc < 0)
		return rc;
	if (count == 0)
		return au_fail(
		    err, AU_ENOENT, "target '%s': no account '%s' that is not ours is known there", target, login);
	return au_fail(err, AU_EEXIST, "target '%s': several accounts are called like '%s'", target, login);
}

int
au_store_stranger_count(struct au_store_tx *tx, const char *target, long long *ret, struct au_err *err)
{
	return au_tx_number(tx, AU_QUERY(STRANGER_COUNT, au_text(target)), ret, err);
}

/* ---- what is ignored ---- */

static void
read_ignored(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_ignored *ignored = object;

	ignored->target = au_arena_strdup(arena, row[0].text);
	ignored->login = au_arena_strdup(arena, row[1].text);
	ignored->reason = au_arena_strdup(arena, row[2].text);
	ignored->actor = au_arena_strdup(arena, row[3].text);
	ignored->at_ms = row[4].number;
}

int
au_store_ignored_put(struct au_store_tx *tx, const struct au_ignored *ignored, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(IGNORED_PUT, au_text(ignored->target), au_text(ignored->login), au_text(ignored->reason),
		au_text(ignored->actor), au_number(ignored->at_ms), au_text(fold(tx, ignored->login))),
	    NULL, err);
}

int
au_store_ignored_remove(struct au_store_tx *tx, const char *target, const char *login, struct au_err *err)
{
	long long gone = 0;
	int rc = au_tx_run(tx, AU_QUERY(IGNORED_REMOVE, au_text(target), au_text(fold(tx, login))), &gone, err);

	if (rc == 0 && gone == 0)
		return au_fail(err, AU_ENOENT, "target '%s': '%s' is not ignored", target, login);
	return rc;
}

int
au_store_ignored_list(
    struct au_store_tx *tx, struct au_arena *arena, struct au_ignored **ret, size_t *ret_count, struct au_err *err)
{
	struct au_ignored *found = NULL;

	return au_tx_all(tx, arena, AU_QUERY(IGNORED_LIST), read_ignored, sizeof(*found), ret, ret_count, err);
}
