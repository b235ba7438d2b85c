/* SPDX-License-Identifier: ISC */
/* What a piece took tells how large the next one may be; a fast one is believed only half. */
#include "reconcile/pace.h"

void
au_pace_took(struct au_pace *pace, size_t count, long long took_ms, long long piece_ms)
{
	size_t fits = took_ms > 0 ? (size_t)((long long)count * piece_ms / took_ms) : AU_PACE_MOST;

	if (count == 0)
		return;
	if (fits > 2 * pace->limit)
		fits = 2 * pace->limit;
	if (fits > AU_PACE_MOST)
		fits = AU_PACE_MOST;
	/* A small last piece says nothing against larger ones. */
	if (count < pace->limit && took_ms <= piece_ms)
		return;
	pace->limit = fits > 0 ? fits : 1;
}
