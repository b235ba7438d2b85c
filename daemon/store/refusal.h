/* SPDX-License-Identifier: ISC */
/*
 * A log-in that a directory or a product refused.  They lock accounts after a few wrong tries, so what was refused is
 * not tried again, by a restarted process or daemon neither: the store keeps a keyed digest of it.
 */
#ifndef STORE_REFUSAL_H
#define STORE_REFUSAL_H

#include "store/store.h"

#include <stdbool.h>

#define AU_REFUSAL_KEY 32
#define AU_REFUSAL_PRINT 65 /* hexadecimal digits and a NUL */

/* Zeroed: nothing was refused. */
struct au_refusal {
	char print[AU_REFUSAL_PRINT];
	long long at_ms; /* wall clock */
	char *why;       /* owned */
};

/* Whether such a log-in is not to be tried: it was refused, and not longer than retry_ms ago, or retry_ms is 0. */
bool au_refusal_holds(const struct au_refusal *refusal, const char *print, long long now_ms, long long retry_ms);
void au_refusal_done(struct au_refusal *refusal); /* zeroed then */

/* of: "source" or "target".  ret must be zeroed or filled; nothing was refused: it is zeroed. */
int au_store_refusal_get(
    struct au_store_tx *tx, const char *of, const char *name, struct au_refusal *ret, struct au_err *err);
/* NULL: nothing is refused any more. */
int au_store_refusal_put(
    struct au_store_tx *tx, const char *of, const char *name, const struct au_refusal *refusal, struct au_err *err);

#endif
