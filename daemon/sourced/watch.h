/* SPDX-License-Identifier: ISC */
/*
 * One search followed by RFC 4533's refreshAndPersist: first a refresh, from the
 * cookie if there is one, then changes as they happen.  libldap's own
 * ldap_sync API is not used: it blocks, and a hostile reply crashes it.
 */
#ifndef SOURCED_WATCH_H
#define SOURCED_WATCH_H

#include "sourced/batch.h"
#include "sourced/line.h"

struct au_watch;

struct au_watch_events {
	void (*refreshed)(void *ctx, enum au_search search); /* the refresh ended well */
	void (*touched)(
	    void *ctx, enum au_search search, const char *id); /* the directory pushed a change of this entry */
	/* Not from the line itself: the answer is not to be trusted or the search ended.  Called once per start. */
	void (*failed)(void *ctx, enum au_search search, const struct au_fault *fault);
};

/* mapping and batch outlive the watch; the batch keeps the cookie. */
struct au_watch *au_watch_new(
    const struct au_mapping *mapping, struct au_batch *batch, const struct au_watch_events *events, void *ctx);
void au_watch_free(struct au_watch *watch);

/* resume: whether this server can be trusted to go on from a cookie. */
void au_watch_start(struct au_watch *watch, struct au_line *line, bool resume, int64_t operation_timeout_ms);
/* Begin once more from the cookie, on the same line: has the server anything to tell? */
void au_watch_ask_again(struct au_watch *watch, int64_t operation_timeout_ms);
void au_watch_drained(struct au_watch *watch);            /* its line has handled all that arrived */
void au_watch_stop(struct au_watch *watch);               /* the line is going away; a refresh under way is void */
bool au_watch_is_following(const struct au_watch *watch); /* the refresh is over, changes are pushed */

#endif
