/* SPDX-License-Identifier: ISC */
/* People write down a handful of names; a walk through them is quick, and with none there is nothing to fold. */
#include "reconcile/ignores.h"

#include "base/str.h"
#include "base/text.h"

int
au_ignores_load(struct au_store_tx *tx, struct au_arena *arena, struct au_ignores *ret, struct au_err *err)
{
	struct au_ignored *rows = NULL;
	size_t count = 0;
	int rc = au_store_ignored_list(tx, arena, &rows, &count, err);

	if (rc < 0)
		return rc;
	const char **folds = au_arena_alloc(arena, (count + 1) * sizeof(*folds));
	for (size_t i = 0; i < count; i++)
		folds[i] = au_text_fold(arena, rows[i].login);
	*ret = (struct au_ignores){ .rows = rows, .folds = folds, .count = count };
	return 0;
}

const struct au_ignored *
au_ignores_find(const struct au_ignores *ignores, const char *target, const char *login)
{
	if (ignores == NULL || ignores->count == 0 || login == NULL)
		return NULL;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *fold = au_text_fold(arena, login);
	for (size_t i = 0; i < ignores->count; i++)
		if (au_streq(ignores->rows[i].target, target) && au_streq(ignores->folds[i], fold))
			return &ignores->rows[i];
	return NULL;
}
