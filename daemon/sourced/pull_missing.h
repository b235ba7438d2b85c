/* SPDX-License-Identifier: ISC */
/*
 * Ids that a list left out, asked for one by one before anybody takes them for
 * gone.  The server that made the list must not have them; and where it never
 * showed them, every other server of the service must say so as well, for it may
 * be behind: a fail-over makes nobody go.
 */
#ifndef SOURCED_PULL_MISSING_H
#define SOURCED_PULL_MISSING_H

#include "base/json.h"
#include "sourced/fault.h"
#include "sourced/pull_known.h"
#include "sourced/remote.h"

struct au_pull_missing;

struct au_pull_missing_events {
	void (*stays)(void *ctx, const char *id); /* another server has it, or would not say */
	void (*gone)(void *ctx);                  /* all others are gone */
	void (*lies)(void *ctx);                  /* the server that left one out has it */
	void (*failed)(void *ctx, const struct au_fault *fault, int64_t retry_after_ms);
};

/* type_path: "/Users" or "/Groups".  events, known by its place, and ctx outlive it. */
struct au_pull_missing *au_pull_missing_new(
    struct au_remote *remote, const char *type_path, const struct au_pull_missing_events *events, void *ctx);
void au_pull_missing_free(struct au_pull_missing *missing); /* NULL is fine; the remote was cancelled before */
/* Begin with these ids; one of the last three events ends it.  known: from before the list was read; NULL: nothing is.
 */
void au_pull_missing_ask(struct au_pull_missing *missing, const json_t *ids, const struct au_pull_known *known);
void au_pull_missing_stop(struct au_pull_missing *missing); /* the remote is cancelled by the caller */

#endif
