/* SPDX-License-Identifier: ISC */
/* Book-keeping: what an account is to remember after it was looked at.  Pure. */
#ifndef RECONCILE_BOOKS_H
#define RECONCILE_BOOKS_H

#include "reconcile/drift.h"

struct au_books {
	const struct au_target_block *target;
	const struct au_wanted *wanted;
	long long now_ms;
	bool has_steps, has_findings; /* of the account, in the plan at hand */
};

/* *account is how it was, and becomes how it is to be; true when that is worth a write.  Text is in the arena, in
 * wanted or in the account as it was. */
bool au_books_keep(struct au_arena *arena, const struct au_books *books, struct au_account *account);

#endif
