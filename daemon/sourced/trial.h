/* SPDX-License-Identifier: ISC */
/*
 * A directory looked at once for people: who answers, who we are to it, what our
 * searches find and what becomes of that, and what is missing.  Nothing is
 * reported as an entry, no cookie is used or made.
 */
#ifndef SOURCED_TRIAL_H
#define SOURCED_TRIAL_H

#include "sourced/login.h"
#include "sourced/server.h"
#include "sourced/tls_trust.h"

struct event_base;
struct au_trial;

struct au_trial_config {
	struct event_base *base;
	const char *dns;                     /* as au_resolve_host takes it; outlives it */
	const struct au_source_try *attempt; /* outlives the trial */
	const struct au_login *login;
	struct au_tls_trust *trust;    /* outlives it */
	struct au_server_list servers; /* becomes the trial's */
	/* Once, when it is over: the report (trial_report.h) is the callee's. */
	void (*done)(void *ctx, json_t *report);
	void *ctx;
};

struct au_trial *au_trial_new(const struct au_trial_config *config);
void au_trial_begin(struct au_trial *trial);
void au_trial_free(struct au_trial *trial); /* NULL is fine */

#endif
