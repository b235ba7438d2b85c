/* SPDX-License-Identifier: ISC */
/* How many resources of a kind a SCIM service has now. */
#ifndef SOURCED_PULL_COUNT_H
#define SOURCED_PULL_COUNT_H

#include "sourced/fault.h"
#include "sourced/remote.h"

struct au_pull_count {
	struct au_remote *remote;
	const char *type_path; /* "/Users" or "/Groups" */
	void (*counted)(void *ctx, long long total);
	void (*failed)(void *ctx, const struct au_fault *fault, int64_t retry_after_ms);
	void *ctx;
};

/* One of the two is called, not at once, unless the remote is cancelled before.  count stays until then. */
void au_pull_count_ask(const struct au_pull_count *count);

#endif
