/* SPDX-License-Identifier: ISC */
/*
 * Owners that a source's entries name by DN: the source's process is asked what
 * those are called, once when one is new or changed, and again after a time.
 */
#ifndef SOURCE_OWNERS_H
#define SOURCE_OWNERS_H

#include "store/store.h"
#include "wire/source_msg.h"

struct event_base;
struct au_owners;

struct au_owners_config {
	struct event_base *base;
	struct au_store *store;
	const char *source;
	long long refresh_ms; /* how long an answer counts */
	long long retry_ms;   /* how long one counts that says nothing */
	void (*ask)(void *ctx, const char *dn_norm);
	void (*changed)(void *ctx); /* somebody's owner is called otherwise; dirty keys wait */
	void *ctx;
};

struct au_owners *au_owners_new(const struct au_owners_config *config); /* source is copied */
void au_owners_free(struct au_owners *owners); /* NULL is fine */
/* A round was committed: perhaps there are new ones. */
void au_owners_look(struct au_owners *owners);
/* A new process runs, which was asked nothing yet. */
void au_owners_restart(struct au_owners *owners);
void au_owners_answer(struct au_owners *owners, const struct au_source_owned *owned);

#endif
