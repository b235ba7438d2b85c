/* SPDX-License-Identifier: ISC */
/*
 * Groups whose members a server gives in parts (roll.h), or has to be searched for (recipe.h): each is read anew by its
 * DN, part after part and search after search, one group at a time.  A group that changes meanwhile is begun again;
 * what was read of it counts only when it was the same from the first part to the last, by the server's own marks of
 * change.
 */
#ifndef SOURCED_RANGE_H
#define SOURCED_RANGE_H

#include "sourced/line.h"
#include "sourced/mapping.h"

struct au_range;

enum au_range_failure {
	AU_RANGE_UNSTEADY = 1, /* it changed each time before its end was read */
	AU_RANGE_REFUSED,      /* the server would not give it, or gave what makes no sense */
};

/* May ask for more, but not free the range. */
struct au_range_events {
	/* They are told within a reading of everything, of which the daemon judges what is missing. */
	bool is_reading;
	/* Whole, or is_some; lives until this returns. */
	void (*read)(void *ctx, const struct au_mapped *group);
	/* Nothing is known of its members; err says why, with the group's name. */
	void (*failed)(void *ctx, const char *id, enum au_range_failure failure, const struct au_err *err);
};

/* groups outlives it. */
struct au_range *au_range_new(const struct au_mapping *groups, const struct au_range_events *events, void *ctx);
void au_range_free(struct au_range *range); /* NULL is fine */
/* The line to ask on; NULL forgets what was asked for. */
void au_range_line(struct au_range *range, struct au_line *line, int64_t operation_timeout_ms);
void au_range_ask(struct au_range *range, const char *id, const char *dn);
bool au_range_is_busy(const struct au_range *range);

#endif
