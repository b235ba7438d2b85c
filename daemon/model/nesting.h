/* SPDX-License-Identifier: ISC */
/* Groups within groups as a whole: which of them lie in rings, and how deep they lie. */
#ifndef MODEL_NESTING_H
#define MODEL_NESTING_H

#include "base/mem.h"

/* One group is a member of another. */
struct au_nesting_link {
	const char *inner, *outer;           /* ids */
	const char *inner_name, *outer_name; /* for people; either may be NULL */
};

struct au_nesting {
	const char **rings; /* "A > B > A", each once, from the name that comes first, in their order */
	size_t ring_count;
	size_t deepest;           /* groups on the longest way outwards from one, without it; a ring is one step */
	const char *deepest_name; /* of that one; NULL without links */
};

/* In the arena; names are the links'.  Of groups that lie in several rings together, a shortest one is named. */
void au_nesting_find(struct au_arena *arena, const struct au_nesting_link *links, size_t count, struct au_nesting *ret);

#endif
