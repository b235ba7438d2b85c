/* SPDX-License-Identifier: ISC */
/* Whether the entries that must always be seen are: looked for as those who follow the directory look for them. */
#ifndef SOURCED_TRIAL_CANARIES_H
#define SOURCED_TRIAL_CANARIES_H

#include "sourced/command.h"
#include "sourced/mapping.h"

struct event_base;
struct au_trial_canaries;

struct au_trial_canaries_config {
	struct event_base *base;
	struct au_line *line;
	const struct au_mapping *mappings; /* of both searches */
	json_t *report;                    /* gets "canaries": search, name, and how it "is" */
	const struct au_command_as *as;
	int64_t timeout_ms;
	void (*ended)(void *ctx); /* once; not from within au_trial_canaries_new */
	void *ctx;
};

/*
 * A canary is "seen", "other" (there, and none that the filter matches), "absent", "unknown" (the server would not
 * say), or, named by its id, "left" to whole readings.
 */
struct au_trial_canaries *au_trial_canaries_new(const struct au_trial_canaries_config *config);
void au_trial_canaries_free(struct au_trial_canaries *canaries); /* the line still lives; NULL is fine */

#endif
