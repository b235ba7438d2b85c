/* SPDX-License-Identifier: ISC */
/*
 * Log-in names that people want left alone in a target, from whatever side they
 * come up: such an account is not listed as a stranger, and nobody whom a source
 * states gets it, loses it or has it changed.
 */
#ifndef RECONCILE_IGNORES_H
#define RECONCILE_IGNORES_H

#include "settings/settings.h"
#include "store/stranger.h"

struct au_ignores {
	const struct au_ignored *rows;
	const char **folds; /* of their log-in names */
	size_t count;
};

int au_ignores_load(struct au_store_tx *tx, struct au_arena *arena, struct au_ignores *ret, struct au_err *err);
/* NULL when it is not ignored; ignores and login may be NULL. */
const struct au_ignored *au_ignores_find(const struct au_ignores *ignores, const char *target, const char *login);

#endif
