/* SPDX-License-Identifier: ISC */
/* What is known of a source's two searches and of the readings under way.  Moved on only by commits. */
#ifndef SOURCE_READING_H
#define SOURCE_READING_H

#include "store/fact.h"
#include "wire/source_msg.h"

/* A reading under way.  The pushed stream has one at its beginning; a comparing one may run beside it. */
struct au_reading_now {
	enum au_reading kind;
	bool is_open;         /* begun, and not ended well since */
	bool held;            /* what it would remove needs a person's word */
	long long generation; /* its mark */
	/* Members of groups that it does not bring any more, where one group alone loses too many. */
	long long doomed, before;
};

/* Why a search is in doubt: removals are held, and its cookie is forgotten. */
enum au_doubt {
	AU_DOUBT_NONE = 0,
	AU_DOUBT_ENTRIES, /* too many of its entries would go at once */
	AU_DOUBT_MEMBERS, /* too many members of one group would */
	AU_DOUBT_BLEED,   /* too many went one by one */
	AU_DOUBT_CANARY,  /* an entry is not seen that always must be */
	AU_DOUBT_AGE,     /* the server is older than it was: until a person says otherwise, however few would go */
};

/* Removals of the last while, for those that come one by one: a window that slides over two halves. */
struct au_bleed {
	long long start_ms;  /* of the newer half */
	long long now, last; /* gone in the newer half and in the one before */
	long long before;    /* how many there were when the newer half began */
};

struct au_search_now {
	struct au_reading_now pushed, compare;
	long long generation; /* mark of the latest reading */
	long long proved;     /* mark of the latest reading that told of everything and ended well */
	long long whole_ms;   /* when everything was last read; 0 = never: what comes is the first import */
	long long imported;   /* entries of a first import so far */
	long long missing;    /* entries and members that the latest reading missed for the first time */
	bool missed_beside;   /* that reading ran beside the stream of changes, which had told nothing of them */
	long long untold;     /* differences that comparing readings found, and nobody has told of yet */
	long long doubt;      /* enum au_doubt */
	long long doomed, before; /* of a doubt: so many of `before` would go */
	struct au_bleed entries, members;
	bool is_pinned;      /* something could not be applied: the cookie stays until all was read again */
	long long pinned_at; /* generation of then */
};

struct au_source_now {
	struct au_search_now searches[AU_SEARCHES];
	long long generation; /* last one given out */
	long long drift;
	long long paused; /* 1: a person wants it left alone */
	long long expires_ms; /* wall clock: when time alone disables the next entry; 0 = never */
};

bool au_reading_is_suspect(const struct au_search_now *search);
bool au_reading_is_doubted(const struct au_source_now *now); /* one of its searches is suspect */
/* It tells of everything there is. */
bool au_reading_is_whole(const struct au_reading_now *reading);
/* The directory did not tell enough; only reading everything again can tell. */
void au_reading_pin(struct au_search_now *search);

#endif
