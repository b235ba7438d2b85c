/* SPDX-License-Identifier: ISC */
/*
 * The order matters: proof first, limits after it, so that nobody can use up the share of a client whose token he does
 * not hold.  Only failures count against a peer, so a proxy in front of good clients never locks them out; but where a
 * proof is costly, a peer with too many failures waits for it.
 */
#include "scim/auth.h"

#include "base/clock.h"
#include "scim/auth_parts.h"
#include "scim/certificate.h"
#include "scim/delay.h"
#include "scim/detect.h"
#include "scim/issuers.h"
#include "scim/jwt.h"
#include "scim/route.h"
#include "scim/suspects.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- answers ---- */

static void
set_number(struct au_request *r, const char *name, long long number)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", number);
	au_http_set(r->x, name, text);
}

/* Whole seconds, none too few. */
static long long
seconds_of(int64_t ms)
{
	return (ms + 999) / 1000;
}

/* As identity providers that heed them name these fields. */
static void
tell_allowance(struct au_request *r)
{
	const struct au_allowance *allowance = &r->allowance;

	set_number(r, "x-rate-limit-limit", allowance->limit);
	set_number(r, "x-rate-limit-remaining", allowance->remaining);
	set_number(r, "x-rate-limit-reset", seconds_of(allowance->reset_ms));
	if (allowance->wait_ms > 0)
		set_number(r, "x-rate-limit-retry-after-seconds", seconds_of(allowance->wait_ms));
}

static void
refuse_later(struct au_request *r, int64_t wait_ms)
{
	r->scim->stats.out_of_rate++;
	set_number(r, "Retry-After", wait_ms > 0 ? seconds_of(wait_ms) : 1);
	au_fault_set(&r->fault, AU_FAULT_THROTTLED, "too many requests");
	au_request_refuse(r);
}

static void
refuse_missing(struct au_request *r)
{
	r->scim->stats.missing++;
	au_http_set(r->x, "WWW-Authenticate", "Bearer realm=\"apiuserd\"");
	au_fault_set(&r->fault, AU_FAULT_UNAUTHORIZED, "a bearer token is needed");
	au_request_refuse(r);
}

static void
refuse_bad(void *request)
{
	struct au_request *r = request;

	au_http_set(r->x, "WWW-Authenticate", "Bearer realm=\"apiuserd\", error=\"invalid_token\"");
	au_fault_set(&r->fault, AU_FAULT_UNAUTHORIZED, "the bearer token is not valid");
	au_request_refuse(r);
}

void
au_auth_refuse(struct au_request *r)
{
	struct au_scim *scim = r->scim;
	long long max_delay_ms = au_values_num(r->settings->scim, "bad_token_delay");
	size_t max_delayed = (size_t)au_values_num(r->settings->scim, "max_delayed");
	struct au_suspicion suspicion;

	scim->stats.bad++;
	au_suspects_note(scim->suspects, au_http_peer(r->x), max_delay_ms, au_clock_mono_ms(), &suspicion);
	if (suspicion.tell > 0 && scim->events.refused != NULL)
		scim->events.refused(scim->ctx, suspicion.peer, suspicion.tell);
	if (suspicion.refuse)
		refuse_later(r, suspicion.wait_ms);
	else if (suspicion.wait_ms == 0)
		refuse_bad(r);
	else if (!au_delays_add(scim->delays, max_delayed, suspicion.wait_ms, refuse_bad, r))
		refuse_later(r, suspicion.wait_ms);
}

bool
au_auth_refuse_suspect(struct au_request *r)
{
	int64_t wait_ms;

	if (!au_suspects_over(r->scim->suspects, au_http_peer_host(r->x), au_clock_mono_ms(), &wait_ms))
		return false;
	refuse_later(r, wait_ms);
	return true;
}

void
au_auth_fail(struct au_request *r)
{
	au_fault_set(&r->fault, AU_FAULT_UNAVAILABLE, "credentials cannot be checked now");
	au_request_refuse(r);
}

/* RFC 6750 section 3.1. */
static void
refuse_scope(struct au_request *r)
{
	const char *missing = "";

	r->scim->stats.out_of_scope++;
	if (r->type != NULL && !au_scope_allows(&r->principal.scope, AU_NEED_READ, r->type))
		missing = au_arena_printf(r->arena, ", scope=\"%s\"", au_scope_word(r->arena, r->type));
	au_http_set(r->x, "WWW-Authenticate",
	    au_arena_printf(r->arena, "Bearer realm=\"apiuserd\", error=\"insufficient_scope\"%s", missing));
	au_request_refuse(r);
}

/* ---- who it is ---- */

static void
handle(struct au_request *r)
{
	if (au_profile_has(r->profile, AU_QUIRK_RATE_FIELDS))
		tell_allowance(r);
	if (r->route == NULL)
		au_request_refuse(r); /* the fault of the path */
	else if (au_principal_may(&r->principal, r->route->need, r->type, &r->fault) != 0)
		refuse_scope(r);
	else
		r->route->handler(r);
}

/* Both the client's block and his token may ask for a certificate beside the token. */
static bool
is_bound(const struct au_request *r, const struct au_block *client, const struct au_identity *identity)
{
	const struct au_http_certificate *shown = au_http_peer_certificate(r->x);

	return au_certificate_fits(shown, client) &&
	       (identity->certificate == NULL || au_certificate_is(shown, identity->certificate));
}

void
au_auth_accept(struct au_request *r, const struct au_identity *identity)
{
	const struct au_block *client = au_settings_client(r->settings, identity->client);
	double rate;

	if (client == NULL || !is_bound(r, client, identity)) {
		/* the token outlived its block in the configuration, or is not shown by whom it was made for */
		au_auth_refuse(r);
		return;
	}
	au_http_label(r->x, client->name);
	rate = (double)au_values_num(client->values, "max_requests_per_second");
	if (!au_throttle_take(r->scim->clients, client->name, rate, au_clock_mono_ms(), &r->allowance)) {
		tell_allowance(r);
		refuse_later(r, r->allowance.wait_ms);
		return;
	}
	r->scim->stats.accepted++;
	r->client = client->name;
	r->principal.client = client->name;
	/* a request may go on for longer than the identity is remembered */
	au_scope_init(&r->principal.scope, au_arena_strdup(r->arena, identity->scopes));
	r->has_source = au_map_has(r->scim->sources, client->name);
	au_detect_then(r, au_values_str(client->values, "profile"), handle);
}

/* The token behind "Bearer"; NULL when the header is absent or of another scheme. */
static const char *
bearer(const struct au_request *r)
{
	static const char scheme[] = "Bearer";
	const char *header = au_http_header(r->x, "Authorization");

	if (header == NULL || strncasecmp(header, scheme, sizeof scheme - 1) != 0 || header[sizeof scheme - 1] != ' ')
		return NULL;
	header += sizeof scheme;
	return header + strspn(header, " ");
}

/* No token: the connection itself may say who it is. */
static void
judge_connection(struct au_request *r)
{
	const struct au_block *client = au_certificate_client(au_http_peer_certificate(r->x), r->settings);

	if (client == NULL)
		refuse_missing(r);
	else
		au_auth_accept(r, &(struct au_identity){ .client = client->name });
}

void
au_auth_then_handle(struct au_request *r)
{
	const char *text = bearer(r);
	char id[AU_TOKEN_ID_SIZE];

	if (text == NULL)
		judge_connection(r);
	else if (au_token_id(text, id, NULL) == 0)
		au_auth_token(r, text, id);
	else if (au_issuers_any(r->scim->issuers) && au_jwt_is(text))
		au_auth_jwt(r, text);
	else
		au_auth_refuse(r);
}
