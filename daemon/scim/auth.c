/* SPDX-License-Identifier: ISC */
/*
 * The order matters: proof first, limits after it, so that nobody can use up the share of a client whose token he does
 * not hold.  Only failures count against a peer, so a proxy in front of good clients never locks them out.
 */
#include "scim/auth.h"

#include "base/clock.h"
#include "scim/auth_parts.h"
#include "scim/certificate.h"
#include "scim/detect.h"
#include "scim/issuers.h"
#include "scim/jwt.h"
#include "scim/route.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define BAD_PER_SECOND 5 /* failures of one peer that still get 401 */

/* ---- answers ---- */

static void
refuse_later(struct au_request *r, int64_t wait_ms)
{
	char seconds[24];

	snprintf(seconds, sizeof seconds, "%" PRId64, wait_ms / 1000 + 1);
	au_http_set(r->x, "Retry-After", seconds);
	au_fault_set(&r->fault, AU_FAULT_THROTTLED, "too many requests");
	au_request_refuse(r);
}

static void
refuse_credentials(struct au_request *r, bool given)
{
	int64_t wait_ms;

	if (given &&
	    !au_throttle_take(r->scim->bad_peers, au_http_peer(r->x), BAD_PER_SECOND, au_clock_mono_ms(), &wait_ms)) {
		refuse_later(r, wait_ms);
		return;
	}
	au_http_set(r->x, "WWW-Authenticate",
	    given ? "Bearer realm=\"apiuserd\", error=\"invalid_token\"" : "Bearer realm=\"apiuserd\"");
	au_fault_set(
	    &r->fault, AU_FAULT_UNAUTHORIZED, given ? "the bearer token is not valid" : "a bearer token is needed");
	au_request_refuse(r);
}

void
au_auth_refuse(struct au_request *r)
{
	refuse_credentials(r, true);
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
	int64_t wait_ms;
	double rate;

	if (client == NULL || !is_bound(r, client, identity)) {
		/* the token outlived its block in the configuration, or is not shown by whom it was made for */
		au_auth_refuse(r);
		return;
	}
	au_http_label(r->x, client->name);
	rate = (double)au_values_num(client->values, "max_requests_per_second");
	if (!au_throttle_take(r->scim->clients, client->name, rate, au_clock_mono_ms(), &wait_ms)) {
		refuse_later(r, wait_ms);
		return;
	}
	r->client = client->name;
	r->principal.client = client->name;
	au_scope_init(&r->principal.scope, identity->scopes);
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
		refuse_credentials(r, false);
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
