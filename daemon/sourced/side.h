/* SPDX-License-Identifier: ISC */
/*
 * What goes on beside the streams, on the session's own connection: probes,
 * look-ups, canaries, groups and people read again, and comparing readings.
 */
#ifndef SOURCED_SIDE_H
#define SOURCED_SIDE_H

#include "sourced/comparing.h"
#include "sourced/outbox.h"
#include "sourced/probe.h"
#include "sourced/streams.h"

struct au_side;

struct au_side_config {
	struct event_base *base;
	const struct au_source_start *start;
	struct au_streams *streams;
	struct au_outbox *outbox;
	struct au_channel *channel;
	const struct au_probe_events *probe;
	struct au_compare_events compare;
	void (*refused)(void *ctx, const struct au_fault *fault); /* as comparing.h has it */
	void *ctx;                                                /* of all */
};

/* All outlive it.  AU_EINVAL: a base that is no DN. */
int au_side_new(const struct au_side_config *config, struct au_side **ret, struct au_err *err);
void au_side_free(struct au_side *side); /* NULL is fine */
void au_side_open(struct au_side *side, struct au_line *line);
void au_side_close(struct au_side *side); /* the line is going away */

/* Entries may be read again on this line; NULL: not now.  only_asked: as in reread.h. */
void au_side_reread_on(struct au_side *side, struct au_line *line, bool only_asked);
/* The directory pushed a change of this entry, which is newer than what may be on its way. */
void au_side_touched(struct au_side *side, enum au_search search, const char *id);
struct au_comparing *au_side_comparing(const struct au_side *side);

/* The daemon asks. */
void au_side_lookup(struct au_side *side, const struct au_source_lookup *lookup);
void au_side_owner(struct au_side *side, const char *dn_norm);
void au_side_reread(struct au_side *side, const struct au_source_reread *reread);

#endif
