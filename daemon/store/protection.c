/* SPDX-License-Identifier: ISC */
/* Log-in names are kept folded, as most products do not tell upper from lower case. */
#include "store/protection.h"

#include "base/text.h"
#include "store/tx.h"

static const char *
fold(struct au_store_tx *tx, const char *login)
{
	return au_text_fold(au_tx_scratch(tx), login);
}

static void
read_protection(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_protection *protection = object;

	protection->target = au_arena_strdup(arena, row[0].text);
	protection->login = au_arena_strdup(arena, row[1].text);
	protection->actor = au_arena_strdup(arena, row[2].text);
	protection->name = au_arena_strdup(arena, row[3].text);
	protection->reason = au_arena_strdup(arena, row[4].text);
	protection->at_ms = row[5].number;
}

int
au_store_protection_put(struct au_store_tx *tx, const struct au_protection *protection, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(PROTECTION_PUT, au_text(protection->target), au_text(protection->login),
		au_text(protection->actor), au_text(protection->name), au_text(protection->reason),
		au_number(protection->at_ms), au_text(fold(tx, protection->login))),
	    NULL, err);
}

int
au_store_protection_get(struct au_store_tx *tx, struct au_arena *arena, const char *target, const char *login,
    struct au_protection *ret, struct au_err *err)
{
	int rc = au_tx_first(
	    tx, arena, AU_QUERY(PROTECTION_GET, au_text(target), au_text(fold(tx, login))), read_protection, ret, err);

	if (rc < 0)
		return rc;
	return rc == 1 ? 0 : au_fail(err, AU_ENOENT, "target '%s': '%s' is not protected", target, login);
}

int
au_store_protection_remove(struct au_store_tx *tx, const char *target, const char *login, struct au_err *err)
{
	long long gone = 0;
	int rc = au_tx_run(tx, AU_QUERY(PROTECTION_REMOVE, au_text(target), au_text(fold(tx, login))), &gone, err);

	if (rc == 0 && gone == 0)
		return au_fail(err, AU_ENOENT, "target '%s': '%s' is not protected", target, login);
	return rc;
}

int
au_store_protection_list(
    struct au_store_tx *tx, struct au_arena *arena, struct au_protection **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(PROTECTION_LIST), read_protection, sizeof(**ret), ret, ret_count, err);
}
