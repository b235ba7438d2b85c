/* SPDX-License-Identifier: ISC */
/* The whole of a plan's removals is let through or held, so that a mass removal is not half done. */
#include "reconcile/guard.h"

#include "base/when.h"

long long
au_guard_limit(const struct au_guard_counts *counts, long long count, long long percent)
{
	long long before = counts->active + counts->removed;
	long long share = before * percent / 100;

	return share > count ? share : count;
}

const char *
au_guard_check(struct au_arena *arena, const struct au_guard_counts *counts, long long count, long long percent,
    long long window_ms, const char *what)
{
	long long limit = au_guard_limit(counts, count, percent);
	char window[32];

	if (counts->planned <= 0)
		return NULL;
	if (counts->emptied)
		return au_arena_printf(arena, "guard 'empty': %s has no member left", what);
	if (counts->removed + counts->planned <= limit)
		return NULL;
	au_duration_format(window_ms, window, sizeof window);
	return au_arena_printf(arena,
	    "guard 'mass-removal': %lld removals for %s within %s, at most %lld are let through",
	    counts->removed + counts->planned, what, window, limit);
}
