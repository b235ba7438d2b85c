/* SPDX-License-Identifier: ISC */
/* Saved plans that were applied, by their digest: a plan is applied once. */
#ifndef STORE_PLAN_DONE_H
#define STORE_PLAN_DONE_H

#include "store/store.h"

struct au_plan_done {
	const char *digest;
	const char *actor; /* who had it applied */
	long long at_ms;
};

int au_store_plan_done_put(struct au_store_tx *tx, const struct au_plan_done *done, struct au_err *err);
int au_store_plan_done_get(struct au_store_tx *tx, struct au_arena *arena, const char *digest, struct au_plan_done *ret,
    struct au_err *err); /* AU_ENOENT */
/* Those that were applied before a time; how many there were. */
int au_store_plan_done_forget(struct au_store_tx *tx, long long before_ms, long long *ret_gone, struct au_err *err);

#endif
