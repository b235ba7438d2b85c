/* SPDX-License-Identifier: ISC */
/* Small moves of the state that more than one file makes. */
#include "source/reading.h"

void
au_reading_pin(struct au_search_now *search)
{
	search->is_pinned = true;
	search->pinned_at = search->generation;
}
