/* SPDX-License-Identifier: ISC */
/*
 * Few log-ins, and never one more after a refusal: three bad ones in a row
 * disable the account on a Control Room with default settings.
 */
#include "automation-anywhere/login.h"

#include "base/secret.h"
#include "base/str.h"

/* The documented default life, for tokens that do not tell theirs. */
#define DEFAULT_LIFE_MS (20 * 60 * 1000LL)
#define RENEW_AGAIN_MS (30 * 1000LL)

static const char *
secret_name(const struct au_session *session)
{
	return session->api_key != NULL ? "API key" : "password";
}

static int
take_token(struct au_session *session, const struct au_http_answer *answer, struct au_err *err)
{
	const char *token = json_is_object(answer->json) ? au_json_get_str(answer->json, "token") : NULL;

	if (au_str_empty(token))
		return au_fail(err, AU_EPROTO, "log-in: answer without a token");
	au_token_set(&session->token, token, DEFAULT_LIFE_MS, session->host->mono_ms());
	return 0;
}

static int
post_credentials(struct au_session *session, const char *username, const char *password, const char *api_key,
    struct au_http_answer *ret, struct au_err *err)
{
	json_t *body = json_object();
	struct au_http_request request = { .method = "POST", .path = "/v1/authentication", .body = body };
	int r;

	au_json_set_str(body, "username", username);
	au_json_set_str(body, "password", password);
	au_json_set_str(body, "apiKey", api_key);
	r = au_http_call(session->http, &request, ret, err);
	au_json_wipe(body);
	json_decref(body);
	return r;
}

/* 400 is how some versions say it; anything that speaks of the request rather than of the day counts as a refusal. */
static bool
is_refusal(int status)
{
	return status == 400 || status == 401 || status == 403;
}

static int
fail_refused(struct au_session *session, const struct au_http_answer *answer, struct au_err *err)
{
	session->refused = true;
	au_http_judge(answer, "log-in", err);
	au_err_prefix(err, AU_EAUTH, "user '%s' was refused and is not tried again with the same %s", session->username,
	    secret_name(session));
	return au_err_recode(err, AU_EAUTH);
}

bool
aa_login_allowed(const struct au_session *session)
{
	struct au_rate rate = session->logins;

	return au_rate_take(&rate, session->host->mono_ms(), NULL);
}

static int
fail_too_many(const struct au_session *session, int64_t wait_ms, struct au_err *err)
{
	au_fail(
	    err, AU_EBUSY, "log-in: too many in a short time; is user '%s' logged in elsewhere?", session->username);
	if (err != NULL)
		err->retry_after_s = (unsigned)((wait_ms + 999) / 1000);
	return AU_EBUSY;
}

static int
log_in(struct au_session *session, struct au_err *err)
{
	struct au_http_answer answer = { 0 };
	int64_t wait_ms;
	int r;

	if (!au_rate_take(&session->logins, session->host->mono_ms(), &wait_ms))
		return fail_too_many(session, wait_ms, err);
	r = post_credentials(session, session->username, au_secret_text(session->password),
	    au_secret_text(session->api_key), &answer, err);
	if (r != 0)
		return r;
	if (is_refusal(answer.status))
		r = fail_refused(session, &answer, err);
	else if ((r = au_http_judge(&answer, "log-in", err)) == 0)
		r = take_token(session, &answer, err);
	else if (r == AU_ENOENT)
		r = au_err_recode(err, AU_EPROTO);
	au_http_answer_done(&answer);
	return r;
}

int
aa_login_verify(struct au_session *session, const char *username, const char *password, struct au_err *err)
{
	struct au_http_answer answer = { 0 };
	int r = post_credentials(session, username, password, NULL, &answer, NULL);

	if (r == 0 && answer.status == 401)
		r = au_fail(err, AU_ENOSUP,
		    "user '%s' cannot log in with the password just set: this Control Room takes none by an update",
		    username);
	else
		r = 0;
	au_http_answer_done(&answer);
	return r;
}

/* Any failure leaves the old token for the quarter of its life that is left; 401 says that it is not. */
static void
renew(struct au_session *session)
{
	json_t *body = json_object();
	struct au_http_request request = { .method = "POST",
		.path = "/v1/authentication/token",
		.header = "X-Authorization",
		.value = au_secret_text(session->token.text),
		.body = body };
	struct au_http_answer answer = { 0 };
	struct au_err err = { 0 };
	int r;

	au_json_set_str(body, "token", au_secret_text(session->token.text));
	r = au_http_call(session->http, &request, &answer, &err);
	au_json_wipe(body);
	json_decref(body);
	if (r == 0 && (r = au_http_judge(&answer, "token", &err)) == 0)
		r = take_token(session, &answer, &err);
	if (r != 0) {
		session->host->log(7, "token not renewed: %s", err.text);
		session->token.renew_mono = session->host->mono_ms() + RENEW_AGAIN_MS;
	}
	if (answer.status == 401)
		au_token_clear(&session->token);
	au_http_answer_done(&answer);
}

int
aa_login_ensure(struct au_session *session, bool *ret_fresh, struct au_err *err)
{
	int r;

	if (session->refused)
		return au_fail(err, AU_EAUTH,
		    "log-in: user '%s' was refused and is not tried again with the same %s; give a new one or reload",
		    session->username, secret_name(session));
	if (au_token_due(&session->token, session->host->mono_ms()))
		renew(session);
	if (au_token_valid(&session->token, session->host->mono_ms()))
		return 0;
	if ((r = log_in(session, err)) != 0)
		return r;
	*ret_fresh = true;
	return 0;
}
