/* SPDX-License-Identifier: ISC */
/*
 * A whole reading of one search by paged results (RFC 2696), without a cookie:
 * the only reading there is where the directory pushes nothing, and elsewhere
 * the proof by schedule that the pushed changes were all.  An entry of which a
 * change was pushed meanwhile is left out: the pushed one is newer.
 */
#ifndef SOURCED_COMPARE_H
#define SOURCED_COMPARE_H

#include "sourced/batch.h"
#include "sourced/line.h"

struct au_compare;

struct au_compare_events {
	void (*ended)(void *ctx, enum au_search search); /* well */
	void (*failed)(void *ctx, enum au_search search, const struct au_fault *fault);
};

/* followed: of who follows the same search; NULL when nobody does.  mapping, outbox and followed outlive the reading.
 */
struct au_compare *au_compare_new(struct event_base *base, const struct au_mapping *mapping, struct au_outbox *outbox,
    struct au_batch *followed, const struct au_compare_events *events, void *ctx);
void au_compare_free(struct au_compare *compare); /* a reading under way is void; NULL is fine */

/* held: whatever this reading would remove needs a person's word. */
void au_compare_start(struct au_compare *compare, struct au_line *line, int64_t operation_timeout_ms, bool held);
void au_compare_stop(struct au_compare *compare); /* the line is going away */
bool au_compare_is_running(const struct au_compare *compare);
void au_compare_touched(struct au_compare *compare, const char *id);
void au_compare_room(struct au_compare *compare); /* the outbox has room again */

#endif
