/* SPDX-License-Identifier: ISC */
/* How much a piece of a long work may hold, so that no piece takes long.  Pure. */
#ifndef RECONCILE_PACE_H
#define RECONCILE_PACE_H

#include <stddef.h>

struct au_pace {
	size_t limit; /* of the next piece */
};

#define AU_PACE_START ((struct au_pace){ .limit = 50 })
#define AU_PACE_MOST 500

/* A piece of so many has taken so long: the next one is as large as piece_ms allows, at the most twice as large as
 * before and never larger than AU_PACE_MOST. */
void au_pace_took(struct au_pace *pace, size_t count, long long took_ms, long long piece_ms);

#endif
