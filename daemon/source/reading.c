/* SPDX-License-Identifier: ISC */
/* Small moves of the state that more than one file makes. */
#include "source/reading.h"

bool
au_reading_is_suspect(const struct au_search_now *search)
{
	return search->doubt != AU_DOUBT_NONE;
}

bool
au_reading_is_doubted(const struct au_source_now *now)
{
	for (int i = 0; i < AU_SEARCHES; i++)
		if (au_reading_is_suspect(&now->searches[i]))
			return true;
	return false;
}

bool
au_reading_is_whole(const struct au_reading_now *reading)
{
	return reading->kind == AU_READING_WHOLE || reading->kind == AU_READING_COMPARE;
}

void
au_reading_pin(struct au_search_now *search)
{
	search->is_pinned = true;
	search->pinned_at = search->generation;
}
