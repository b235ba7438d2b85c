/* SPDX-License-Identifier: ISC */
/* Which comparing readings are due, and running them one at a time. */
#ifndef SOURCED_COMPARING_H
#define SOURCED_COMPARING_H

#include "sourced/compare.h"

struct au_comparing;

struct au_comparing_config {
	struct event_base *base;
	const struct au_mapping *mappings[AU_SEARCHES];
	struct au_batch *followed[AU_SEARCHES]; /* where changes go that are pushed */
	struct au_outbox *outbox;
	int64_t interval_ms, first_ms; /* beside what is followed; first_ms: until the first of this process */
	int64_t poll_ms;               /* where nothing is followed */
	int64_t recent_ms;             /* there, between two looks for recent changes; 0 = none */
	int64_t retry_ms, operation_timeout_ms;
	struct au_compare_events events;
	void (*refused)(void *ctx, const struct au_fault *fault); /* recent changes cannot be looked for */
	void *ctx;
};

struct au_comparing *au_comparing_new(const struct au_comparing_config *config);
void au_comparing_free(struct au_comparing *comparing);

/* There is a line.  pushed: searches are followed beside; else these readings are all there is and begin at once. */
void au_comparing_open(struct au_comparing *comparing, struct au_line *line, bool pushed);
void au_comparing_close(struct au_comparing *comparing); /* what runs is void */
/* All searches were read well, whole: everything anew.  The clock starts; readings wished for begin. */
void au_comparing_go(struct au_comparing *comparing, bool whole);
/* A search is being read anew: its comparing reading is void, and none may begin until au_comparing_go. */
void au_comparing_hold(struct au_comparing *comparing, enum au_search search);
void au_comparing_want(struct au_comparing *comparing, enum au_search search);
void au_comparing_touched(struct au_comparing *comparing, enum au_search search, const char *id);
void au_comparing_room(struct au_comparing *comparing);

#endif
