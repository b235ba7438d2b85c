/* SPDX-License-Identifier: ISC */
/*
 * The order matters: proof first, limits after it, so that nobody can use up the share of a client whose token he does
 * not hold.  Only failures count against a peer, so a proxy in front of good clients never locks them out.
 */
#include "scim/auth.h"

#include "base/clock.h"
#include "base/json.h"
#include "scim/route.h"
#include "scim/token.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define BAD_PER_SECOND 5          /* failures of one peer that still get 401 */
#define USED_EVERY_MS (60 * 1000) /* a token's last use is written no more often */

/* A request while its token is looked up. */
struct proof {
	struct au_request *r;
	const char *text; /* in the request's head */
	char id[AU_TOKEN_ID_SIZE];
	struct au_token_row row;
	bool found;
};

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

/* ---- last use ---- */

struct use {
	char id[AU_TOKEN_ID_SIZE];
	long long now_ms;
};

static int
use_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct use *use = arg;

	return au_store_token_used(tx, use->id, use->now_ms, err);
}

static void
use_done(void *arg, int rc, const struct au_err *err)
{
	(void)rc; /* the next request tries again after a minute */
	(void)err;
	free(arg);
}

static void
note_use(struct au_scim *scim, const struct proof *proof, int64_t now_ms)
{
	int64_t *last = au_map_get(scim->used, proof->id);
	struct use *use;

	if (last == NULL) {
		last = au_xcalloc(1, sizeof *last);
		*last = proof->row.used_ms;
		au_map_put(scim->used, proof->id, last);
	}
	if (now_ms - *last < USED_EVERY_MS && now_ms >= *last)
		return;
	*last = now_ms;
	use = au_xcalloc(1, sizeof *use);
	memcpy(use->id, proof->id, sizeof use->id);
	use->now_ms = now_ms;
	au_store_write(scim->store, use_work, use, use_done);
}

/* ---- the proof ---- */

static int
find_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct proof *proof = arg;
	int rc = au_store_token_get(tx, proof->r->arena, proof->id, &proof->row, err);

	proof->found = rc == 0;
	return rc == AU_ENOENT ? 0 : rc;
}

static void
authorised(struct au_request *r, const struct proof *proof)
{
	const struct au_block *client = au_settings_client(r->settings, proof->row.client);
	int64_t wait_ms;
	double rate;

	if (client == NULL) {
		/* its token outlived its block in the configuration */
		refuse_credentials(r, true);
		return;
	}
	rate = (double)au_values_num(client->values, "max_requests_per_second");
	if (!au_throttle_take(r->scim->clients, client->name, rate, au_clock_mono_ms(), &wait_ms)) {
		refuse_later(r, wait_ms);
		return;
	}
	r->client = client->name;
	r->profile = au_profile_find(au_values_str(client->values, "profile"));
	r->principal.client = client->name;
	au_scope_init(&r->principal.scope, proof->row.scopes);
	r->has_source = au_map_has(r->scim->sources, client->name);
	note_use(r->scim, proof, r->now_ms);
	if (r->route == NULL)
		au_request_refuse(r); /* the fault of the path */
	else if (au_principal_may(&r->principal, r->route->need, r->type, &r->fault) != 0)
		refuse_scope(r);
	else
		r->route->handler(r);
}

static void
found(void *arg, int rc, const struct au_err *err)
{
	struct proof *proof = arg;
	struct au_request *r = proof->r;

	(void)err;
	if (rc < 0) {
		au_fault_set(&r->fault, AU_FAULT_UNAVAILABLE, "credentials cannot be checked now");
		au_request_refuse(r);
		return;
	}
	if (au_token_check(r->scim->token_key, proof->text, proof->found ? &proof->row : NULL, r->now_ms, NULL) != 0)
		refuse_credentials(r, true);
	else
		authorised(r, proof);
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

void
au_auth_then_handle(struct au_request *r)
{
	struct proof *proof = au_arena_alloc(r->arena, sizeof *proof);

	proof->r = r;
	proof->text = bearer(r);
	if (proof->text == NULL || au_token_id(proof->text, proof->id, NULL) != 0) {
		refuse_credentials(r, proof->text != NULL);
		return;
	}
	au_store_read(r->scim->store, AU_READ_POINT, find_work, proof, found);
}
