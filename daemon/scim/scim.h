/* SPDX-License-Identifier: ISC */
/*
 * The SCIM 2.0 service provider (RFC 7643, 7644): an HTTP handler that keeps
 * resources in the store and states them as facts.  It knows nothing of reconciling.
 */
#ifndef SCIM_SCIM_H
#define SCIM_SCIM_H

#include "http/server.h"
#include "settings/settings.h"
#include "store/store.h"

struct au_scim;

struct au_scim_events {
	void (*changed)(void *ctx, const char *client); /* facts were committed; dirty keys wait */
	/* An issuer's keys could not be had, or (NULL) can again.  NULL: nobody wants to know. */
	void (*issuer)(void *ctx, const char *issuer, const char *why_or_null);
};

/* Settings are held; they are such that au_catalog_new accepts them. */
struct au_scim *au_scim_new(struct event_base *base, struct au_store *store, struct au_settings *settings,
    const unsigned char token_key[32], const struct au_scim_events *events, void *ctx);
/* After a reload; running requests finish with the old settings' limits. */
void au_scim_settings(struct au_scim *scim, struct au_settings *settings);
void au_scim_handle(void *scim, struct au_http_exchange *x); /* an au_http_handler */
/* Error bodies of the server itself in SCIM's form (au_http_config.error_body). */
const char *au_scim_error_body(struct au_arena *arena, int status, const char *detail, const char **ret_type);
/* No request may be under way: the store is closed before. */
void au_scim_free(struct au_scim *scim);

#endif
