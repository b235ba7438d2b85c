/* SPDX-License-Identifier: ISC */
/*
 * The configured issuers with their keys.  Keys come from a file, read with the settings, or over https: then by a
 * helper process, again and again, and out of turn when a token names a key that is not there.  A fetch that fails
 * leaves the keys that there are.  Loop thread only.
 */
#ifndef SCIM_ISSUERS_H
#define SCIM_ISSUERS_H

#include "base/err.h"
#include "base/mem.h"
#include "scim/identity.h"
#include "scim/scim.h"
#include "settings/settings.h"

#include <stdbool.h>

struct event_base;
struct au_issuers;

struct au_issuers_events {
	void (*keys_changed)(void *ctx); /* what was proven with the old ones may not be any more */
	/* Its keys could not be had, told once; or can again, with NULL. */
	void (*problem)(void *ctx, const char *issuer, const char *why_or_null);
};

/* Settings are held. */
struct au_issuers *au_issuers_new(
    struct event_base *base, struct au_settings *settings, const struct au_issuers_events *events, void *ctx);
/* After a reload: issuers that did not change keep their keys. */
void au_issuers_settings(struct au_issuers *issuers, struct au_settings *settings);
void au_issuers_free(struct au_issuers *issuers); /* whoever waits is called, and told AU_ETEMP; NULL is fine */
bool au_issuers_any(const struct au_issuers *issuers);

/*
 * Judge a token's text.  AU_EINVAL, AU_EAUTH: it is no good; AU_EBUSY: its issuer's keys are on their way, wait and ask
 * again; AU_ETEMP: there are no keys to judge it by.  Texts of *ret live in the arena or as long as the settings.
 */
int au_issuers_judge(struct au_issuers *issuers, struct au_arena *arena, const char *text, long long now_ms,
    struct au_identity *ret, struct au_err *err);
/* Called once, not from within this function, when some issuer's keys came or did not. */
void au_issuers_wait(struct au_issuers *issuers, void (*ready)(void *arg), void *arg);

/* How it stands with each issuer, for metrics. */
size_t au_issuers_count(const struct au_issuers *issuers);
void au_issuers_state(const struct au_issuers *issuers, size_t index, struct au_issuer_state *ret);

#endif
