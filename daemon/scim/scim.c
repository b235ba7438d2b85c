/* SPDX-License-Identifier: ISC */
/* The endpoint's object and the way into it. */
#include "scim/scim.h"

#include "base/secret.h"
#include "scim/async.h"
#include "scim/auth.h"
#include "scim/cache_room.h"
#include "scim/delay.h"
#include "scim/index.h"
#include "scim/issuers.h"
#include "scim/known.h"
#include "scim/route.h"
#include "scim/suspects.h"

#include <string.h>

#define MAX_PEERS 10000
#define MAX_CLIENTS 10000

/* They were checked when they were read. */
static struct au_catalog *
catalog_of(const struct au_settings *settings)
{
	struct au_catalog *catalog;

	if (au_catalog_new(settings, &catalog, NULL) != 0)
		abort();
	return catalog;
}

static void
keys_changed(void *ctx)
{
	struct au_scim *scim = ctx;

	au_known_forget_jwts(scim->known);
}

static void
issuer_problem(void *ctx, const char *issuer, const char *why_or_null)
{
	struct au_scim *scim = ctx;

	if (scim->events.issuer != NULL)
		scim->events.issuer(scim->ctx, issuer, why_or_null);
}

static const struct au_issuers_events issuers_events = { keys_changed, issuer_problem };

/* A cache that stays is emptied of what was made under other settings. */
static void
renew_cache(struct au_scim *scim, const struct au_settings *settings)
{
	const char *folder = au_values_str(settings->scim, "cache_dir");
	unsigned long long most = (unsigned long long)au_values_num(settings->scim, "cache");
	struct au_err err;

	if (folder == NULL)
		folder = au_values_str(settings->daemon, "state_dir");
	if (scim->cache != NULL && au_cache_is_of(scim->cache, folder, most)) {
		au_cache_clear(scim->cache);
		return;
	}
	au_cache_free(scim->cache);
	if (au_cache_new(folder, most, &scim->cache, &err) != 0 && scim->events.cache != NULL)
		scim->events.cache(scim->ctx, err.text);
}

struct au_scim *
au_scim_new(struct event_base *base, struct au_store *store, struct au_settings *settings,
    const unsigned char token_key[32], const struct au_scim_events *events, void *ctx)
{
	struct au_scim *scim = au_xcalloc(1, sizeof *scim);

	scim->base = base;
	scim->store = store;
	scim->settings = au_settings_hold(settings);
	scim->catalog = catalog_of(settings);
	memcpy(scim->token_key, token_key, sizeof scim->token_key);
	scim->events = *events;
	scim->ctx = ctx;
	renew_cache(scim, settings);
	au_cache_room_start(scim);
	scim->clients = au_throttle_new(MAX_CLIENTS);
	scim->suspects = au_suspects_new(MAX_PEERS);
	scim->delays = au_delays_new(base);
	scim->known = au_known_new(store);
	scim->issuers = au_issuers_new(base, settings, &issuers_events, scim);
	scim->used = au_map_new();
	scim->providers = au_map_new();
	scim->scans = au_map_new();
	scim->sources = au_map_new();
	au_index_fill(scim);
	au_async_start(scim);
	return scim;
}

void
au_scim_settings(struct au_scim *scim, struct au_settings *settings)
{
	struct au_settings *old = scim->settings;

	au_catalog_free(scim->catalog);
	scim->catalog = catalog_of(settings);
	free(scim->openapi);
	scim->openapi = NULL;
	renew_cache(scim, settings);
	scim->settings = au_settings_hold(settings);
	au_issuers_settings(scim->issuers, settings);
	au_settings_free(old);
	/* whoever reacts to the new clients may have touched their rows */
	au_map_free(scim->sources, NULL);
	scim->sources = au_map_new();
	au_index_fill(scim);
}

void
au_scim_free(struct au_scim *scim)
{
	if (scim == NULL)
		return;
	au_delays_free(scim->delays);
	au_issuers_free(scim->issuers);
	au_known_free(scim->known);
	au_throttle_free(scim->clients);
	au_suspects_free(scim->suspects);
	au_map_free(scim->used, free);
	au_map_free(scim->providers, free);
	au_map_free(scim->scans, free);
	au_map_free(scim->sources, NULL);
	au_map_free(scim->indexed, NULL);
	free(scim->openapi);
	au_cache_room_stop(scim);
	au_cache_free(scim->cache);
	au_catalog_free(scim->catalog);
	au_settings_free(scim->settings);
	au_wipe(scim->token_key, sizeof scim->token_key);
	free(scim);
}

void
au_scim_handle(void *scim, struct au_http_exchange *x)
{
	struct au_request *r = au_request_new(scim, x);
	int rc = au_route_find(r);

	/*
	 * Whoever has not shown a token learns nothing of what exists.  Where none is needed, one that is shown is
	 * checked all the same: a wrong one comes out at the first request that an administrator tries.
	 */
	if (rc == 0 && r->route->need == AU_NEED_NOTHING && au_http_header(r->x, "Authorization") == NULL)
		r->route->handler(r);
	else
		au_auth_then_handle(r);
}

const char *
au_scim_error_body(struct au_arena *arena, int status, const char *detail, const char **ret_type)
{
	struct au_str body = AU_STR_INIT;
	const char *text;

	au_fault_body(&body, status, status == 400 ? "invalidSyntax" : NULL, detail);
	text = au_arena_strndup(arena, au_str_get(&body), body.len);
	au_str_done(&body);
	*ret_type = AU_SCIM_TYPE;
	return text;
}

void
au_scim_stats(const struct au_scim *scim, struct au_scim_stats *ret)
{
	*ret = scim->stats;
}

void
au_scim_cache_stats(const struct au_scim *scim, struct au_cache_stats *ret)
{
	au_cache_stats(scim->cache, ret);
}

size_t
au_scim_issuer_count(const struct au_scim *scim)
{
	return au_issuers_count(scim->issuers);
}

void
au_scim_issuer(const struct au_scim *scim, size_t index, struct au_issuer_state *ret)
{
	au_issuers_state(scim->issuers, index, ret);
}
