/* SPDX-License-Identifier: ISC */
/* What the first members of the groups of a trial are: read as the daemon's look-ups read them. */
#ifndef SOURCED_TRIAL_MEMBERS_H
#define SOURCED_TRIAL_MEMBERS_H

#include "sourced/trial_search.h"

struct event_base;
struct au_trial_members;

struct au_trial_members_config {
	struct event_base *base;
	struct au_line *line;
	const struct au_mapping *mappings; /* of both searches */
	struct au_trial_search *groups;    /* whose members are told of */
	int64_t timeout_ms;
	void (*ended)(void *ctx); /* once; not from within au_trial_members_new */
	void *ctx;
};

/* Each member gets `is`: "person" or "group" of our searches, "outside" of both, "absent", or "unknown". */
struct au_trial_members *au_trial_members_new(const struct au_trial_members_config *config);
void au_trial_members_free(struct au_trial_members *members); /* the line still lives; NULL is fine */

#endif
