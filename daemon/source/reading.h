/* SPDX-License-Identifier: ISC */
/* What is known of a source's two searches and of the readings under way.  Moved on only by commits. */
#ifndef SOURCE_READING_H
#define SOURCE_READING_H

#include "store/fact.h"
#include "wire/source_msg.h"

/* A reading under way.  The pushed stream has one at its beginning; a comparing one may run beside it. */
struct au_reading_now {
	enum au_reading kind;
	bool is_open;    /* begun, and not ended well since */
	bool held;       /* what it would remove needs a person's word */
	long long found; /* differences so far, of a comparing one */
};

struct au_search_now {
	struct au_reading_now pushed, compare;
	long long generation; /* mark of the latest reading */
	long long whole_ms;   /* when everything was last read; 0 = never: what comes is the first import */
	long long imported;   /* entries of a first import so far */
	/* In doubt while doomed > 0: so many of `before` would go; removals are held, the cookie is forgotten. */
	long long doomed, before;
	long long held;      /* 1: in doubt until a person says otherwise, however few would go */
	bool is_pinned;      /* something could not be applied: the cookie stays until all was read again */
	long long pinned_at; /* generation of then */
};

struct au_source_now {
	struct au_search_now searches[AU_SEARCHES];
	long long generation; /* last one given out */
	long long drift;
};

bool au_reading_is_suspect(const struct au_search_now *search);
/* The directory did not tell enough; only reading everything again can tell. */
void au_reading_pin(struct au_search_now *search);

#endif
