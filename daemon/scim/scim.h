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
	/* A peer sent bad credentials, so often since it was last told: at most once a minute.  NULL as above. */
	void (*refused)(void *ctx, const char *peer, unsigned count);
	/* Ready answers could not be kept, or (NULL) can again.  NULL as above. */
	void (*cache)(void *ctx, const char *why_or_null);
};

/* Settings are held; they are such that au_catalog_new accepts them. */
struct au_scim *au_scim_new(struct event_base *base, struct au_store *store, struct au_settings *settings,
    const unsigned char token_key[32], const struct au_scim_events *events, void *ctx);
/* After a reload; running requests finish with the old settings' limits. */
void au_scim_settings(struct au_scim *scim, struct au_settings *settings);
void au_scim_handle(void *scim, struct au_http_exchange *x); /* an au_http_handler */
/* Error bodies of the server itself in SCIM's form (au_http_config.error_body). */
const char *au_scim_error_body(struct au_arena *arena, int status, const char *detail, const char **ret_type);
/* Counts since the start, for metrics. */
struct au_scim_stats {
	unsigned long long accepted;    /* requests whose credentials were good */
	unsigned long long missing;     /* without credentials */
	unsigned long long bad;         /* with bad ones */
	unsigned long long out_of_rate; /* of clients and of peers who ask too often */
	unsigned long long out_of_scope;
};
void au_scim_stats(const struct au_scim *scim, struct au_scim_stats *ret);
struct au_cache_stats;
/* The same of the ready answers (scim/cache.h). */
void au_scim_cache_stats(const struct au_scim *scim, struct au_cache_stats *ret);
/* How it stands with each issuer of JWTs. */
struct au_issuer_state {
	const char *name;
	size_t keys;
	long long fetched_ms; /* when the keys there are were read; 0 = never */
	unsigned long long fetches, failures;
	const char *problem; /* why the last one failed; NULL = it did not */
};
size_t au_scim_issuer_count(const struct au_scim *scim);
void au_scim_issuer(const struct au_scim *scim, size_t index, struct au_issuer_state *ret);
/* No request may be under way: the store is closed before. */
void au_scim_free(struct au_scim *scim);

#endif
