/* SPDX-License-Identifier: ISC */
/*
 * Who is there: the ids of all entries of a search, page by page, and nothing
 * else of them.  It shows who is gone where the server does not tell.
 */
#ifndef SOURCED_CENSUS_H
#define SOURCED_CENSUS_H

#include "sourced/line.h"
#include "sourced/mapping.h"

struct au_census;

struct au_census_events {
	void (*ended)(void *ctx); /* well: all are counted */
	void (*failed)(void *ctx, const struct au_fault *fault);
};

/* mapping outlives it. */
struct au_census *au_census_new(const struct au_mapping *mapping, const struct au_census_events *events, void *ctx);
void au_census_free(struct au_census *census); /* NULL is fine */

void au_census_start(struct au_census *census, struct au_line *line, int64_t operation_timeout_ms);
/* Forget what was counted; also breaks off.  Call it before the line goes away. */
void au_census_clear(struct au_census *census);
/* What has been counted; ids last until au_census_clear. */
size_t au_census_count(const struct au_census *census);
const char *au_census_id(const struct au_census *census, size_t index);

#endif
