/* SPDX-License-Identifier: ISC */
/* A client that was refused is not tried again: who asks on and on is locked out. */
#include "scim-target/login.h"

#include "base/secret.h"
#include "base/str.h"
#include "scim-target/query.h"

#include <sodium.h>
#include <string.h>

/* Where the answer does not say how long a token lives (RFC 6749 section 5.1: expires_in is recommended only). */
#define DEFAULT_LIFE_MS (10 * 60 * 1000LL)

struct au_secret *
sc_login_basic(const char *name, const char *password)
{
	char *plain = au_xasprintf("%s:%s", name, password);
	size_t size = sodium_base64_encoded_len(strlen(plain), sodium_base64_VARIANT_ORIGINAL);
	char *text = au_xmalloc(size);
	struct au_secret *secret;

	sodium_bin2base64(text, size, (const unsigned char *)plain, strlen(plain), sodium_base64_VARIANT_ORIGINAL);
	secret = au_secret_from_text(text);
	au_wipe(plain, strlen(plain));
	au_wipe(text, size);
	free(plain);
	free(text);
	return secret;
}

char *
sc_login_header(const struct au_session *session)
{
	switch (session->auth) {
	case SC_BASIC:
		return au_xasprintf("Basic %s", au_secret_text(session->credential));
	case SC_OAUTH:
		return au_xasprintf("Bearer %s", au_secret_text(session->token.text));
	case SC_BEARER:
		break;
	}
	return au_xasprintf("Bearer %s", au_secret_text(session->credential));
}

static void
wipe_text(char *text)
{
	if (text != NULL)
		au_wipe(text, strlen(text));
	free(text);
}

static char *
form_of(const struct au_session *session)
{
	struct au_str form = AU_STR_INIT;

	au_str_put(&form, "grant_type=client_credentials");
	if (session->scope != NULL)
		sc_query_put(&form, "&scope=", session->scope);
	if (session->secret_in_body) {
		sc_query_put(&form, "&client_id=", session->client_id);
		sc_query_put(&form, "&client_secret=", au_secret_text(session->client_secret));
	}
	return au_str_take(&form);
}

static int
take_token(struct au_session *session, const json_t *answer, struct au_err *err)
{
	const char *token = json_is_object(answer) ? au_json_get_str(answer, "access_token") : NULL;
	const char *type = json_is_object(answer) ? au_json_get_str(answer, "token_type") : NULL;
	long long life = au_json_get_int(answer, "expires_in");

	if (au_str_empty(token) || strpbrk(token, "\r\n") != NULL)
		return au_fail(err, AU_EPROTO, "token: answer without an access_token");
	if (!au_strcaseeq(type, "bearer"))
		return au_fail(err, AU_EPROTO, "token: expected token_type Bearer");
	au_token_set(&session->token, token, life > 0 && life < 365 * 86400LL ? life * 1000 : DEFAULT_LIFE_MS,
	    session->host->mono_ms());
	return 0;
}

/* RFC 6749 section 5.2 has 400 for most refusals, and 401 for clients. */
static int
judge_token(struct au_session *session, const struct au_http_answer *answer, struct au_err *err)
{
	int r = au_http_judge(answer, "token", err);

	if (answer->status != 400 && answer->status != 401 && answer->status != 403)
		return r == AU_ENOENT ? au_err_recode(err, AU_EPROTO) : r;
	session->refused = true;
	au_err_prefix(
	    err, AU_EAUTH, "client '%s' was refused and is not tried again with the same secret", session->client_id);
	return au_err_recode(err, AU_EAUTH);
}

static char *
client_header(const struct au_session *session)
{
	struct au_secret *pair;
	char *value;

	if (session->secret_in_body)
		return NULL;
	pair = sc_login_basic(session->client_id, au_secret_text(session->client_secret));
	value = au_xasprintf("Basic %s", au_secret_text(pair));
	au_secret_free(pair);
	return value;
}

static int
fetch_token(struct au_session *session, struct au_err *err)
{
	char *form = form_of(session), *value = client_header(session);
	struct au_http_request request = { .method = "POST",
		.path = "",
		.header = value != NULL ? "Authorization" : NULL,
		.value = value,
		.form = form };
	struct au_http_answer answer = { 0 };
	int r = au_http_call(session->token_http, &request, &answer, err);

	wipe_text(form);
	wipe_text(value);
	if (r != 0)
		return au_err_prefix(err, r, "token");
	if ((r = judge_token(session, &answer, err)) == 0)
		r = take_token(session, answer.json, err);
	au_http_answer_done(&answer);
	return r;
}

int
sc_login_ensure(struct au_session *session, bool *ret_fresh, struct au_err *err)
{
	int64_t now = session->host->mono_ms();
	struct au_err why = { 0 };
	int r;

	if (session->auth != SC_OAUTH)
		return 0;
	if (session->refused)
		return au_fail(err, AU_EAUTH,
		    "client '%s' was refused and is not tried again with the same secret; give a new one or reload",
		    session->client_id);
	if (au_token_valid(&session->token, now) && !au_token_due(&session->token, now))
		return 0;
	r = fetch_token(session, &why);
	/* the old one has a quarter of its life left */
	if (r != 0 && r != AU_EAUTH && au_token_valid(&session->token, now))
		return 0;
	if (r != 0 && err != NULL)
		*err = why;
	*ret_fresh = r == 0;
	return r;
}
