/* SPDX-License-Identifier: ISC */
/*
 * Asks a domain controller where it stands, on the very connection that is used for what follows: names stand for
 * several controllers often enough.
 */
#ifndef SOURCED_USN_ASK_H
#define SOURCED_USN_ASK_H

#include "sourced/line.h"
#include "sourced/usn_mark.h"

struct au_usn_ask;

struct au_usn_ask_events {
	void (*known)(void *ctx, const struct au_usn_mark *mark);
	void (*failed)(void *ctx, const struct au_fault *fault);
};

struct au_usn_ask *au_usn_ask_new(const struct au_usn_ask_events *events, void *ctx);
void au_usn_ask_free(struct au_usn_ask *ask); /* NULL is fine */
/* One question at a time, with one of events at the end. */
void au_usn_ask(struct au_usn_ask *ask, struct au_line *line, int64_t operation_timeout_ms);
void au_usn_ask_stop(struct au_usn_ask *ask); /* the line is going away */

#endif
