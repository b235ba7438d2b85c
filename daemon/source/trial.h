/* SPDX-License-Identifier: ISC */
/*
 * A source looked at once for people, by a process of its own that ends with the
 * answer.  The source itself, if it runs, is not touched, and the store is not
 * asked for anything.
 */
#ifndef SOURCE_TRIAL_H
#define SOURCE_TRIAL_H

#include "settings/settings.h"

struct event_base;
struct au_source_trial;

struct au_source_trial_config {
	struct event_base *base;
	const char *helper;           /* path of apiuserd-source */
	const struct au_block *block; /* of the source; only used until au_source_trial_new returns */
	long long timeout_ms;         /* for all of it */
	long long entries, shown;     /* read of each kind, and of these reported in full; at most */
	/*
	 * Once, from the loop: the report (sourced/trial_report.h), borrowed; or NULL, and why there is none.  The
	 * trial may be freed in it.
	 */
	void (*done)(void *ctx, const json_t *report, const struct au_err *why);
	void *ctx;
};

/* As au_secrets_read when a secret cannot be read. */
int au_source_trial_new(const struct au_source_trial_config *config, struct au_source_trial **ret, struct au_err *err);
void au_source_trial_free(struct au_source_trial *trial); /* ends its process; NULL is fine */

#endif
