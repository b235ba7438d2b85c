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
	long long generation;     /* mark of the latest reading */
	long long whole_ms;       /* when everything was last read; 0 = never: what comes is the first import */
	long long imported;       /* entries of a first import so far */
	bool is_suspect;          /* its removals are held, its cookie forgotten */
	bool is_pinned;           /* something could not be applied: the cookie stays until all was read again */
	long long pinned_at;      /* generation of then */
	long long doomed, before; /* why it is suspect: so many of so many would go */
};

struct au_source_now {
	struct au_search_now searches[AU_SEARCHES];
	long long generation; /* last one given out */
	long long drift;
};

/* The directory did not tell enough; only reading everything again can tell. */
void au_reading_pin(struct au_search_now *search);

#endif
