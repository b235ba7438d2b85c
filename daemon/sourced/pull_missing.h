/* SPDX-License-Identifier: ISC */
/*
 * Whom a list left out: the daemon says whom of its own it was not told of, and
 * each of them is asked for alone before anybody takes him for gone.  The server
 * that made the list must not have him; and where it never showed him, every
 * other server of the service must say so as well, for it may be behind: a
 * fail-over makes nobody go.
 */
#ifndef SOURCED_PULL_MISSING_H
#define SOURCED_PULL_MISSING_H

#include "sourced/batch.h"
#include "sourced/pull_memory.h"
#include "sourced/remote.h"

struct au_pull_missing;

struct au_pull_missing_events {
	void (*stays)(void *ctx, const char *id); /* another server has it, or would not say */
	void (*gone)(void *ctx);                  /* all others are gone */
	void (*torn)(void *ctx, const char *why); /* the server that left one out has it */
	void (*failed)(void *ctx, const struct au_fault *fault, int64_t retry_after_ms);
};

struct au_pull_missing_config {
	struct au_remote *remote;
	const char *type_path; /* "/Users" or "/Groups" */
	struct au_batch *batch;
	struct au_pull_memory *memory;
	long long most; /* that are asked for alone; if there are more, the daemon's guards judge */
	const struct au_pull_missing_events *events;
	void *ctx;
};

/* All of the config outlives it. */
struct au_pull_missing *au_pull_missing_new(const struct au_pull_missing_config *config);
void au_pull_missing_free(struct au_pull_missing *missing); /* NULL is fine; the remote was cancelled before */
/* Before a whole reading ends; one of the last three events ends it, not at once. */
void au_pull_missing_ask(struct au_pull_missing *missing);
/* The daemon's answer. */
void au_pull_missing_unseen(struct au_pull_missing *missing, const struct au_source_unseen *unseen);
void au_pull_missing_stop(struct au_pull_missing *missing); /* the remote is cancelled by the caller */

#endif
