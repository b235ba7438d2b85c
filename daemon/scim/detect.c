/* SPDX-License-Identifier: ISC */
/* Evidence is rows.  A name outweighs habits; habits of one provider do not change what was recognised as another. */
#include "scim/detect.h"

#include "base/json.h"
#include "scim/value.h"
#include "store/provider.h"

#include <stdio.h>
#include <string.h>

#define AGAIN_MS (60 * 1000) /* a client that changes its name is believed no more often */

/* ---- evidence ---- */

/* Names in User-Agent.  PingFederate sends that of its HTTP library, which says nothing. */
static const struct {
	const char *text, *profile;
} agents[] = {
	{ "Okta", "okta" },
	{ "Microsoft Azure AD SCIM", "entra" },
	{ "Microsoft Entra", "entra" },
	{ "OneLogin", "onelogin" },
	{ "JumpCloud", "jumpcloud" },
	{ "SailPoint", "sailpoint" },
	{ "PingFederate", "ping" },
};

/* Parameters in the URL and URIs in `schemas` that only Microsoft has. */
#define ENTRA_FLAG "aadoptscim062020"
#define ENTRA_SCHEMA "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/"

struct evidence {
	const char *profile; /* NULL = none */
	const char *text;
	bool named;
};

/* A client says the same in every request: what was weighed once tells nothing new. */
static bool
is_weighed(const struct au_provider *provider, const char *agent)
{
	return strncmp(provider->agent, agent, sizeof provider->agent - 1) == 0;
}

static struct evidence
evidence_of_agent(const struct au_request *r, const char *agent)
{
	for (size_t i = 0; i < AU_COUNT(agents); i++)
		if (strcasestr(agent, agents[i].text) != NULL)
			return (struct evidence){ agents[i].profile,
				au_arena_printf(r->arena, "its User-Agent names %s", agents[i].text), true };
	return (struct evidence){ NULL, NULL, false };
}

static struct evidence
evidence_of_head(const struct au_request *r, const char *agent)
{
	const char *query = au_http_query(r->x);
	struct evidence named = { NULL, NULL, false };

	if (agent != NULL && !is_weighed(r->provider, agent))
		named = evidence_of_agent(r, agent);
	if (named.profile != NULL)
		return named;
	if (r->provider->seen == NULL && query != NULL && strcasestr(query, ENTRA_FLAG) != NULL)
		return (struct evidence){ "entra", "its URL has the flag aadOptscim062020", false };
	return (struct evidence){ NULL, NULL, false };
}

static bool
has_foreign_schema(const json_t *body)
{
	const json_t *schemas = au_value_member(body, "schemas"), *uri;
	size_t i;

	json_array_foreach ((json_t *)schemas, i, uri)
		if (json_is_string(uri) && strncmp(json_string_value(uri), ENTRA_SCHEMA, sizeof ENTRA_SCHEMA - 1) == 0)
			return true;
	return false;
}

/* Capital letters at the beginning of operations, all of them. */
static bool
has_capital_ops(const json_t *body)
{
	static const char *const words[] = { "Add", "Remove", "Replace" };
	const json_t *operations = json_object_get(body, "Operations"), *operation;
	size_t i;

	json_array_foreach ((json_t *)operations, i, operation) {
		const char *op = json_string_value(json_object_get(operation, "op"));
		bool capital = false;

		for (size_t j = 0; op != NULL && j < AU_COUNT(words); j++)
			capital = capital || strcmp(op, words[j]) == 0;
		if (!capital)
			return false;
	}
	return json_array_size(operations) > 0;
}

static struct evidence
evidence_of_body(const json_t *body)
{
	if (has_foreign_schema(body))
		return (struct evidence){ "entra", "its groups have a schema of Microsoft's", false };
	if (has_capital_ops(body))
		return (struct evidence){ "entra", "its operations begin with capital letters", false };
	return (struct evidence){ NULL, NULL, false };
}

/* ---- keeping ---- */

struct keeping {
	struct au_arena *arena;
	struct au_provider_row row;
};

static int
keep_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct keeping *keeping = arg;

	return au_store_provider_put(tx, &keeping->row, err);
}

static void
keep_done(void *arg, int rc, const struct au_err *err)
{
	struct keeping *keeping = arg;

	(void)rc; /* it will be recognised again after the next start */
	(void)err;
	au_arena_free(keeping->arena);
}

static void
keep(struct au_request *r, const struct evidence *evidence)
{
	struct au_arena *arena = au_arena_new();
	struct keeping *keeping = au_arena_alloc(arena, sizeof *keeping);

	keeping->arena = arena;
	keeping->row = (struct au_provider_row){ .client = au_arena_strdup(arena, r->client),
		.profile = evidence->profile,
		.evidence = au_arena_strdup(arena, evidence->text),
		.named = evidence->named,
		.seen_ms = r->now_ms };
	au_store_write(r->scim->store, keep_work, keeping, keep_done);
}

/* ---- weighing ---- */

static bool
tells_more(const struct au_request *r, const struct evidence *evidence)
{
	const struct au_provider *provider = r->provider;

	if (evidence->profile == NULL)
		return false;
	if (provider->seen == NULL || (evidence->named && !provider->named))
		return true;
	return evidence->named && strcmp(provider->seen->name, evidence->profile) != 0 &&
	       (r->now_ms - provider->seen_ms >= AGAIN_MS || r->now_ms < provider->seen_ms);
}

static void
weigh(struct au_request *r, struct evidence evidence)
{
	struct au_provider *provider = r->provider;

	if (tells_more(r, &evidence)) {
		provider->seen = au_profile_find(evidence.profile);
		provider->named = evidence.named;
		provider->seen_ms = r->now_ms;
		keep(r, &evidence);
	}
	r->profile = provider->seen != NULL ? au_profile_detected(provider->seen) : au_profile_auto();
}

void
au_detect_body(struct au_request *r)
{
	if (r->provider != NULL && json_is_object(r->body))
		weigh(r, evidence_of_body(r->body));
}

/* ---- remembering ---- */

struct remembering {
	struct au_request *r;
	struct au_provider_row row;
	bool found;
	void (*next)(struct au_request *r);
};

static int
remember_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct remembering *remembering = arg;
	int rc = au_store_provider_get(tx, remembering->r->arena, remembering->r->client, &remembering->row, err);

	remembering->found = rc == 0;
	return rc == AU_ENOENT ? 0 : rc;
}

static void
go_on(struct au_request *r, struct au_provider *provider, void (*next)(struct au_request *r))
{
	const char *agent = au_http_header(r->x, "User-Agent");
	struct evidence evidence;

	r->provider = provider;
	evidence = evidence_of_head(r, agent);
	weigh(r, evidence);
	/* a name that is not believed yet is to be weighed again */
	if (agent != NULL && (!evidence.named || strcmp(provider->seen->name, evidence.profile) == 0))
		snprintf(provider->agent, sizeof provider->agent, "%s", agent);
	next(r);
}

/* Another request of the client may have been faster. */
static void
remembered(void *arg, int rc, const struct au_err *err)
{
	struct remembering *remembering = arg;
	struct au_request *r = remembering->r;
	struct au_provider *provider = au_map_get(r->scim->providers, r->client);

	(void)rc; /* not to know is no reason to refuse */
	(void)err;
	if (provider == NULL) {
		provider = au_xcalloc(1, sizeof *provider);
		if (remembering->found && au_profile_find(remembering->row.profile) != NULL)
			*provider = (struct au_provider){ .seen = au_profile_find(remembering->row.profile),
				.named = remembering->row.named,
				.seen_ms = remembering->row.seen_ms };
		au_map_put(r->scim->providers, r->client, provider);
	}
	go_on(r, provider, remembering->next);
}

void
au_detect_then(struct au_request *r, const char *configured, void (*next)(struct au_request *r))
{
	struct au_provider *provider;
	struct remembering *remembering;

	r->profile = au_profile_find(configured);
	if (r->profile != au_profile_auto()) {
		next(r);
		return;
	}
	provider = au_map_get(r->scim->providers, r->client);
	if (provider != NULL) {
		go_on(r, provider, next);
		return;
	}
	remembering = au_arena_alloc(r->arena, sizeof *remembering);
	remembering->r = r;
	remembering->next = next;
	au_store_read(r->scim->store, AU_READ_POINT, remember_work, remembering, remembered);
}
