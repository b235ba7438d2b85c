/* SPDX-License-Identifier: ISC */
/*
 * Looking whether a server has a log of changes of the groups' part of the directory (slapo-accesslog(5)) that can be
 * used: where it is, that it can be read and followed, that its records say what is needed, and where to begin.
 */
#ifndef SOURCED_LOG_LOOK_H
#define SOURCED_LOG_LOOK_H

#include "sourced/line.h"
#include "sourced/log_place.h"
#include "sourced/mapping.h"
#include "sourced/root.h"

struct au_log_look;

/* Once per start; not from the line itself. */
struct au_log_look_events {
	/* dn lives as long as the look; place until this returns. */
	void (*found)(void *ctx, const char *dn, const struct au_log_place *place);
	void (*useless)(void *ctx, const char *why);
};

/* groups and events outlive it. */
struct au_log_look *au_log_look_new(
    const struct au_mapping *groups, const struct au_log_look_events *events, void *ctx);
void au_log_look_free(struct au_log_look *look); /* NULL is fine */
/*
 * known: a cookie, from which on the log is wanted; NULL: from now on will do.  line and root live until
 * au_log_look_stop.
 */
void au_log_look_start(struct au_log_look *look, struct au_line *line, const struct au_root *root, const char *known,
    int64_t operation_timeout_ms);
void au_log_look_stop(struct au_log_look *look);

/* Filter of the records that tell of groups; in the arena. */
const char *au_log_filter(struct au_arena *arena, const struct au_mapping *groups);

#endif
