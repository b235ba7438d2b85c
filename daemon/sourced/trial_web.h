/* SPDX-License-Identifier: ISC */
/* A SCIM service looked at once for people, as trial.h does it with a directory. */
#ifndef SOURCED_TRIAL_WEB_H
#define SOURCED_TRIAL_WEB_H

#include "base/secret.h"
#include "wire/source_start.h"

struct event_base;
struct au_trial_web;

struct au_trial_web_config {
	struct event_base *base;
	const struct au_source_try *attempt;                        /* outlives the trial */
	const struct au_secret *token, *client_secret, *client_key; /* outlive it; each may be NULL */
	void (*done)(void *ctx, json_t *report);                    /* once; the report is the callee's */
	void *ctx;
};

/* AU_EIO: libcurl cannot be used. */
int au_trial_web_new(const struct au_trial_web_config *config, struct au_trial_web **ret, struct au_err *err);
void au_trial_web_begin(struct au_trial_web *trial);
void au_trial_web_free(struct au_trial_web *trial); /* NULL is fine */

#endif
