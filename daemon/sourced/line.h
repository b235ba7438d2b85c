/* SPDX-License-Identifier: ISC */
/*
 * An LDAP handle on the event loop: requests go out, every message that comes
 * back finds the request that it answers.  Callbacks may start further requests,
 * but never free the line: what fails is told through `failed`, once, and the
 * owner frees the line later from the loop.
 */
#ifndef SOURCED_LINE_H
#define SOURCED_LINE_H

#include "sourced/fault.h"

#include <ldap.h>
#include <stdint.h>

struct event_base;
struct au_line;

/* One message that answers a request; freed when this returns. */
typedef void au_line_answer(void *ctx, LDAPMessage *message, int type);

struct au_line_events {
	void (*drained)(void *ctx); /* all that had arrived is handled */
	void (*failed)(void *ctx, const struct au_fault *fault);
};

struct au_line_search {
	const char *base, *filter;
	int scope;
	const char *const *attributes; /* NULL-terminated */
	LDAPControl **controls;        /* NULL-terminated; may be NULL */
	int64_t timeout_ms;            /* longest wait for each message; 0 = for ever */
	int most;                      /* entries; 0 = all */
	bool is_foreign;               /* others wrote base and filter: that they are none is not the line's failure */
};
#define AU_LINE_UNSENT (-1)

/* ld becomes the line's and is unbound with it; fd stays the caller's. */
struct au_line *au_line_new(struct event_base *base, LDAP *ld, int fd, const struct au_line_events *events, void *ctx);
void au_line_free(struct au_line *line); /* NULL is fine */
LDAP *au_line_handle(struct au_line *line);

/* Wait for the answers to a request that was sent on the handle; last: LDAP_RES_..., the type of the one that ends it.
 */
void au_line_expect(
    struct au_line *line, int message_id, int last, int64_t timeout_ms, au_line_answer *answer, void *ctx);
/*
 * Send a control without a value (a constant OID) along with every search from now on, or no longer (NULL).  It is not
 * critical.
 */
void au_line_always(struct au_line *line, const char *oid);
/* Send a search; its message id, or 0 when the line has failed, or AU_LINE_UNSENT for a foreign one that is none. */
int au_line_search(struct au_line *line, const struct au_line_search *search, au_line_answer *answer, void *ctx);
void au_line_patience(struct au_line *line, int message_id, int64_t timeout_ms); /* change a request's timeout */
void au_line_abandon(struct au_line *line, int message_id);

/* Do not read from the socket (while others shake hands on it, or while the daemon is behind). */
void au_line_pause(struct au_line *line, bool paused);
/* The same, for a reason of whoever asks on it: it is read from when neither wants it to wait. */
void au_line_hold(struct au_line *line, bool held);
/* Much is coming: read in gulps a little apart, which saves most of the wake-ups. */
void au_line_bulk(struct au_line *line, bool bulk);
/* Call the answers off: `failed` comes once, from here or later, and nothing after it. */
void au_line_fail(struct au_line *line, const struct au_fault *fault);

#endif
