/* SPDX-License-Identifier: ISC */
/*
 * A token is forgotten a little before its end, as the request that it goes
 * with takes time, and clocks differ; a service that tells no end is believed
 * until it refuses it.
 */
#include "sourced/bearer.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "sourced/web_fault.h"

#include <string.h>

#define DEPTH 4
/* The part of a token's life that is not used, a minute at most. */
#define SPARE_PARTS 10
#define SPARE_MOST_MS (60LL * 1000)
#define LIFE_MOST_S (365LL * 24 * 3600)

struct au_bearer {
	struct au_bearer_config config;
	struct au_secret *fetched;
	unsigned number;
	int64_t good_until; /* of the monotonic clock */
	bool is_fetching;
	au_web_done *done;
	void *ctx;
};

/* Something that a request could be proven by: no blanks, nothing that ends a line (RFC 6750 section 2.1). */
static bool
is_token(const char *text)
{
	for (const char *at = text; *at != '\0'; at++)
		if (*at <= ' ' || *at > '~')
			return false;
	return *text != '\0';
}

int
au_bearer_new(const struct au_bearer_config *config, struct au_bearer **ret, struct au_err *err)
{
	if (config->token != NULL && !is_token(au_secret_text(config->token)))
		return au_fail(err, AU_EINVAL, "token: expected one line of ASCII without blanks");
	struct au_bearer *bearer = au_xcalloc(1, sizeof(*bearer));
	bearer->config = *config;
	*ret = bearer;
	return 0;
}

static void
forget(struct au_bearer *bearer)
{
	au_secret_free(bearer->fetched);
	bearer->fetched = NULL;
}

void
au_bearer_free(struct au_bearer *bearer)
{
	if (bearer == NULL)
		return;
	forget(bearer);
	free(bearer);
}

const struct au_secret *
au_bearer_token(struct au_bearer *bearer)
{
	if (bearer->config.token != NULL)
		return bearer->config.token;
	if (bearer->fetched != NULL && au_clock_mono_ms() >= bearer->good_until)
		forget(bearer);
	return bearer->fetched;
}

unsigned
au_bearer_number(const struct au_bearer *bearer)
{
	return bearer->number;
}

bool
au_bearer_refused(struct au_bearer *bearer, unsigned number)
{
	if (bearer->config.token != NULL)
		return false;
	if (number == bearer->number)
		forget(bearer);
	return true;
}

/* ---- the request ---- */

/* One more pair, "name=value" (RFC 6749 appendix B); nothing without a value. */
static void
put_pair(struct au_str *form, const char *name, const char *value)
{
	if (value == NULL)
		return;
	char *escaped = au_web_escape(value);
	au_str_room(form, strlen(name) + strlen(escaped) + 2);
	au_str_put(form, form->len > 0 ? "&" : "");
	au_str_put(form, name);
	au_str_put(form, "=");
	au_str_put(form, escaped);
	au_wipe(escaped, strlen(escaped));
	free(escaped);
}

static bool
is_in_form(const struct au_bearer_config *config)
{
	return config->client_secret == NULL || au_streq(config->settings->token_login, "post");
}

/* The secret comes last, so that what it is written into does not move any more. */
static struct au_secret *
form_of(const struct au_bearer_config *config)
{
	const struct au_source_config *settings = config->settings;
	struct au_str form = AU_STR_INIT;

	put_pair(&form, "grant_type", "client_credentials");
	put_pair(&form, "scope", settings->token_scope);
	put_pair(&form, "audience", settings->token_audience);
	put_pair(&form, "resource", settings->token_resource);
	if (is_in_form(config)) {
		put_pair(&form, "client_id", settings->client_id);
		put_pair(&form, "client_secret", au_secret_text(config->client_secret));
	}
	struct au_secret *secret = au_secret_new(au_str_get(&form), form.len);
	au_wipe(form.data, form.len);
	au_str_done(&form);
	return secret;
}

/* Name and password are escaped before they are joined (RFC 6749 section 2.3.1). */
static struct au_secret *
escaped_secret(const struct au_secret *secret)
{
	char *escaped = secret != NULL ? au_web_escape(au_secret_text(secret)) : NULL;
	struct au_secret *copy = au_secret_from_text(escaped);

	if (escaped != NULL)
		au_wipe(escaped, strlen(escaped));
	free(escaped);
	return copy;
}

/* ---- the answer ---- */

static void
tell(struct au_bearer *bearer, const struct au_web_answer *answer)
{
	bearer->is_fetching = false;
	bearer->done(bearer->ctx, answer);
}

static void
refuse(struct au_bearer *bearer, enum au_fault_kind kind, int64_t retry_after_ms, const char *why)
{
	AU_CLEANUP(au_freep) char *text = au_xasprintf("token: %s", why);

	tell(
	    bearer, &(struct au_web_answer){ .why = text, .kind = kind, .body = "", .retry_after_ms = retry_after_ms });
}

static void
take_token(struct au_bearer *bearer, const json_t *json)
{
	const char *token = au_json_get_str(json, "access_token"), *type = au_json_get_str(json, "token_type");
	long long life = au_json_get_int(json, "expires_in");

	if (token == NULL || !is_token(token))
		refuse(bearer, AU_FAULT_SETUP, 0, "the answer has no access_token (option token_url)");
	else if (!au_strcaseeq(type, "Bearer"))
		refuse(bearer, AU_FAULT_SETUP, 0, "the answer has another token_type than Bearer");
	else {
		long long life_ms = (life > 0 && life < LIFE_MOST_S ? life : LIFE_MOST_S) * 1000;
		long long spare = life_ms / SPARE_PARTS < SPARE_MOST_MS ? life_ms / SPARE_PARTS : SPARE_MOST_MS;
		forget(bearer);
		bearer->fetched = au_secret_from_text(token);
		bearer->number++;
		bearer->good_until = au_clock_mono_ms() + life_ms - spare;
		tell(bearer, NULL);
	}
}

/* What the error codes of RFC 6749 section 5.2 mean to us; others go by their status. */
static const struct {
	const char *error;
	enum au_fault_kind kind;
	const char *advice;
} errors[] = {
	{ "invalid_client", AU_FAULT_LOGIN, "the client is refused (options client_id, client_secret, token_login)" },
	{ "unauthorized_client", AU_FAULT_SETUP, "the client may not have one by client credentials" },
	{ "unsupported_grant_type", AU_FAULT_SETUP, "client credentials are not served there (option token_url)" },
	{ "invalid_scope", AU_FAULT_SETUP, "the scope is refused (option token_scope)" },
	{ "invalid_target", AU_FAULT_SETUP,
	    "the resource is refused (option token_resource)" }, /* RFC 8707 section 2 */
	{ "invalid_request", AU_FAULT_SETUP, "the request is refused (options token_audience, token_login)" },
};

static void
take_error(struct au_bearer *bearer, const struct au_web_answer *answer, const json_t *json)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;
	struct au_web_answer said = *answer;
	const char *error = au_json_get_str(json, "error");
	/* A refusal without its code is one of who we are. */
	enum au_fault_kind kind = answer->status == 401 || answer->status == 403   ? AU_FAULT_LOGIN
				  : answer->status >= 500 || answer->status == 429 ? AU_FAULT_REACH
										   : AU_FAULT_SETUP;

	au_str_printf(&text, "status %d", answer->status);
	for (size_t i = 0; i < AU_COUNT(errors); i++)
		if (au_streq(error, errors[i].error) && kind != AU_FAULT_REACH) {
			kind = errors[i].kind;
			au_str_printf(&text, ", %s", errors[i].advice);
		}
	/* Some repeat the secret as it is, and not as it was sent. */
	said.secrets[0] = au_secret_text(bearer->config.client_secret);
	au_web_put_said(&text, &said, json, "error");
	au_web_put_said(&text, &said, json, "error_description");
	refuse(bearer, kind, answer->retry_after_ms, au_str_get(&text));
}

static void
on_answer(void *ctx, const struct au_web_answer *answer)
{
	struct au_bearer *bearer = ctx;
	json_t *json = NULL;

	if (answer->status == 0) {
		refuse(bearer, answer->kind, 0, answer->why);
		return;
	}
	au_json_parse(answer->body, answer->len, DEPTH, &json, NULL);
	if (answer->status == 200)
		take_token(bearer, json);
	else
		take_error(bearer, answer, json);
	if (json != NULL)
		au_json_wipe(json);
	json_decref(json);
}

void
au_bearer_fetch(struct au_bearer *bearer, au_web_done *done, void *ctx)
{
	const struct au_bearer_config *config = &bearer->config;
	const struct au_source_config *settings = config->settings;
	const char *ca_file = settings->token_ca_file != NULL ? settings->token_ca_file : settings->ca_file;

	if (bearer->is_fetching)
		return;
	bearer->is_fetching = true;
	bearer->done = done;
	bearer->ctx = ctx;
	AU_CLEANUP(au_secret_freep) struct au_secret *form = form_of(config);
	AU_CLEANUP(au_secret_freep)
	struct au_secret *password = is_in_form(config) ? NULL : escaped_secret(config->client_secret);
	AU_CLEANUP(au_freep) char *user = is_in_form(config) ? NULL : au_web_escape(settings->client_id);
	au_web_send(config->web,
	    &(struct au_web_order){ .url = settings->token_url,
		.accept = "application/json",
		.ca_file = ca_file,
		.proof = password != NULL ? password : config->client_secret,
		.user = user,
		.form = form },
	    on_answer, bearer);
}

void
au_bearer_lost(struct au_bearer *bearer)
{
	bearer->is_fetching = false;
}
