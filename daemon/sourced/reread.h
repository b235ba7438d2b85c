/* SPDX-License-Identifier: ISC */
/* Groups or people that the daemon wants read again, one by one, a moment after what made it ask, or at once. */
#ifndef SOURCED_REREAD_H
#define SOURCED_REREAD_H

#include "sourced/batch.h"
#include "sourced/line.h"

struct au_reread;

struct au_reread_config {
	const struct au_mapping *mapping; /* of the search */
	struct au_batch *batch;           /* the pushed one of that search: what is read goes there */
	int64_t soon_ms, late_ms;         /* how long a wish waits, and one that is not urgent */
	/* One that was asked for was put into the batch, or why not. */
	void (*answered)(void *ctx, struct au_batch *batch, const struct au_source_fresh *fresh);
	void *ctx;
};

/* The config is copied; what it points to outlives the reread. */
struct au_reread *au_reread_new(struct event_base *base, const struct au_reread_config *config);
void au_reread_free(struct au_reread *reread);
void au_reread_ask(struct au_reread *reread, const struct au_source_reread *wanted);
/* The directory pushed a change of this entry, which is newer than what may be on its way. */
void au_reread_touched(struct au_reread *reread, const char *id);
/* The line to read on once everything was read; NULL when there is none, or it is read anew.  only_asked: changes are
 * not followed, so that the next reading of everything does for what nobody waits for. */
void au_reread_line(struct au_reread *reread, struct au_line *line, int64_t operation_timeout_ms, bool only_asked);

#endif
