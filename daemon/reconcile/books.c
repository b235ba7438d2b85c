/* SPDX-License-Identifier: ISC */
/* One function per situation; what follows from a call to the target is kept where its outcome is recorded. */
#include "reconcile/books.h"

#include "base/lines.h"
#include "base/str.h"

static void
keep_wanted(struct au_arena *arena, const struct au_books *books, struct au_account *account)
{
	struct au_drift drift;

	account->basis = books->wanted->basis;
	/* What a rule gave may still be there until all is done that was to be done. */
	account->bases = books->has_steps || books->has_findings
			     ? au_lines_union(arena, account->bases, books->wanted->bases)
			     : books->wanted->bases;
	account->takes = books->wanted->takes;
	account->disabled_ms = account->left_ms = 0;
	au_drift_find(books->target, books->wanted, account, &drift);
	account->settled = au_drift_settle(arena, au_drift_policy(books->target), books->wanted, account, &drift);
	if (drift.moved == 0)
		account->drift_ms = 0;
	else if (account->drift_ms == 0)
		account->drift_ms = books->now_ms;
}

/* Who comes back is wanted anew: what was fulfilled before is forgotten. */
static void
keep_unwanted(const struct au_books *books, struct au_account *account)
{
	bool is_there = account->state == AU_ACCOUNT_PRESENT;

	if (is_there && account->active == 0 && account->disabled_ms == 0)
		account->disabled_ms = books->now_ms;
	if (is_there && account->left_ms == 0)
		account->left_ms = books->now_ms;
	if (!is_there)
		account->left_ms = 0;
	account->settled = NULL;
	account->drift_ms = 0;
	/* Nobody wants the name that somebody else has. */
	if (account->state == AU_ACCOUNT_CONFLICT) {
		account->state = AU_ACCOUNT_ABSENT;
		account->remote_id = account->problem = account->problem_for = NULL;
	}
}

bool
au_books_keep(struct au_arena *arena, const struct au_books *books, struct au_account *account)
{
	const struct au_account before = *account;

	if (books->wanted->wanted)
		keep_wanted(arena, books, account);
	else
		keep_unwanted(books, account);
	if (!books->has_steps && !books->has_findings && account->state != AU_ACCOUNT_CONFLICT) {
		account->problem = account->problem_for = NULL;
		account->retry_ms = 0;
	}
	return account->state != before.state || account->disabled_ms != before.disabled_ms ||
	       account->left_ms != before.left_ms || account->drift_ms != before.drift_ms ||
	       !au_streq(account->basis, before.basis) || !au_streq(account->problem, before.problem) ||
	       !au_streq(account->settled, before.settled) || !au_streq(account->bases, before.bases) ||
	       !au_streq(account->takes, before.takes);
}
