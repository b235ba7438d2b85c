/* SPDX-License-Identifier: ISC */
/*
 * Does the server still live, and has it told us its last change?  A quiet
 * persistent search looks the same whether nothing happens or the server is
 * stopped, so a second connection asks.
 */
#ifndef SOURCED_PROBE_H
#define SOURCED_PROBE_H

#include "sourced/line.h"
#include "sourced/root.h"

struct event_base;
struct au_probe;

struct au_probe_events {
	void (*rooted)(void *ctx, const struct au_root *root); /* once per line: the first answer */
	/* A change of the server's that no cookie of ours knows, at two probes in a row. */
	void (*behind)(void *ctx);
	/* Whether a number is newer than what we were told. */
	bool (*is_newer)(void *ctx, const char *csn);
	void (*failed)(void *ctx, const struct au_fault *fault);
};

struct au_probe *au_probe_new(
    struct event_base *base, int64_t interval_ms, int64_t timeout_ms, const struct au_probe_events *events, void *ctx);
void au_probe_free(struct au_probe *probe);
/* context_of: a normal DN whose naming context's contextCSN is compared. */
void au_probe_start(struct au_probe *probe, struct au_line *line, const char *context_of);
void au_probe_stop(struct au_probe *probe);

#endif
