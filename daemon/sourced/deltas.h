/* SPDX-License-Identifier: ISC */
/*
 * Groups that are followed without their members, so that one member of many does not bring all of them along: a group
 * that is seen to have changed is told from the server's log of changes (accesslog.h) where that proves what has
 * happened to it (ledger.h), and is read otherwise, as small groups always are.
 *
 * One group is dealt with at a time: while it has to wait, for its record or its reading, nothing more is read from the
 * line that it came on.  So everything is told in the order of the server, and a cookie stands for all before it.
 */
#ifndef SOURCED_DELTAS_H
#define SOURCED_DELTAS_H

#include "sourced/follow.h"

struct au_deltas;

struct au_deltas_events {
	void (*settled)(void *ctx, const char *id);                /* a group that had to wait is dealt with */
	void (*partial)(void *ctx, const struct au_mapped *group); /* as follow.h has it */
	void (*failed)(void *ctx, const struct au_fault *fault);
	void (*wanted)(void *ctx);                 /* groups are better followed without members from now on */
	void (*said)(void *ctx, const char *text); /* for people, of the log */
};

struct au_deltas *au_deltas_new(
    const struct au_follow_config *config, const struct au_deltas_events *events, void *ctx);
void au_deltas_free(struct au_deltas *deltas); /* NULL is fine */
/* Whether groups of this server may be followed so. */
bool au_deltas_start(struct au_deltas *deltas, const struct au_follow_start *start);
void au_deltas_stop(struct au_deltas *deltas); /* the lines are going away */

/* Is there a large group, and a log to tell of it?  That is looked for as soon as there is one. */
bool au_deltas_is_better(struct au_deltas *deltas);
/* A group was told as a whole: see whether groups are better followed without members now (wanted). */
void au_deltas_consider(struct au_deltas *deltas);
/* What to ask for; NULL-terminated. */
const char *const *au_deltas_attributes(const struct au_deltas *deltas);
/*
 * A group without its members.  is_new: it came into the search just now.  1: told; 0: it has to wait (settled);
 * AU_EPROTO.
 */
int au_deltas_take(struct au_deltas *deltas, LDAPMessage *message, const char *id, bool is_new, struct au_err *err);
bool au_deltas_is_waiting(const struct au_deltas *deltas);
/* What waits is not wanted any more. */
void au_deltas_drop(struct au_deltas *deltas);

#endif
