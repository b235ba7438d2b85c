/* SPDX-License-Identifier: ISC */
/*
 * A look, now and then, for entries that were changed of late, where a
 * directory pushes nothing and reading all of it takes long.  By modifyTimestamp,
 * which tells whole seconds of the server's clock and not every change: so this
 * is a hint that makes news come sooner, and never a reason to remove anybody.
 */
#ifndef SOURCED_RECENT_H
#define SOURCED_RECENT_H

#include "sourced/batch.h"
#include "sourced/line.h"

/* How far clocks may differ, and how long a change may take to be seen. */
#define AU_RECENT_OVERLAP_MS (5 * 60 * 1000)

struct au_recent;

struct au_recent_config {
	struct event_base *base;
	const struct au_mapping *mappings[AU_SEARCHES];
	struct au_batch *batches[AU_SEARCHES];
	int64_t interval_ms, operation_timeout_ms;
	bool (*is_busy)(void *ctx); /* everything is being read: no look now, and what one found is old */
	/* The server cannot be asked so.  There will be no more looks on this line. */
	void (*refused)(void *ctx, const struct au_fault *fault);
	void *ctx;
};

/* mappings and batches outlive it. */
struct au_recent *au_recent_new(const struct au_recent_config *config);
void au_recent_free(struct au_recent *recent); /* NULL is fine */

/* Everything was read on this line; looks begin, for what changed since wall_ms, when that reading began.  Once. */
void au_recent_open(struct au_recent *recent, struct au_line *line, int64_t wall_ms);
void au_recent_close(struct au_recent *recent); /* the line is going away */

#endif
