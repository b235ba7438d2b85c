/* SPDX-License-Identifier: ISC */
/*
 * Would the server let us follow it?  What a way of following asks for is asked
 * once in a form that answers at once and with next to nothing; and is there a
 * log of changes that could be used for large groups?
 */
#ifndef SOURCED_TRIAL_FOLLOW_H
#define SOURCED_TRIAL_FOLLOW_H

#include "sourced/command.h"
#include "sourced/line.h"
#include "sourced/terms.h"

struct au_trial_follow;

struct au_trial_follow_config {
	json_t *report;
	struct au_line *line;
	const struct au_root *root;
	const struct au_terms *terms;
	const struct au_mapping *people, *groups;
	const struct au_command_as *as;
	int64_t timeout_ms;
	void (*ended)(void *ctx); /* once, when everything is in the report; maybe from within au_trial_follow_new */
	void *ctx;
};

struct au_trial_follow *au_trial_follow_new(const struct au_trial_follow_config *config);
void au_trial_follow_free(struct au_trial_follow *follow); /* the line still lives; NULL is fine */

#endif
