/* SPDX-License-Identifier: ISC */
/* Few log-ins, and never one more after a refusal: a few bad ones in a row lock the user (CA-R14). */
#include "calabrio/login.h"

#include "base/secret.h"
#include "base/str.h"

#include <string.h>

/* The product ends a session after two idle hours; ours is put down well before. */
#define IDLE_MS (90 * 60 * 1000LL)
#define ID_MAX 512

/* The id becomes part of a header, so it must look like one. */
static bool
is_session_id(const char *id)
{
	size_t len = strlen(id);

	return len > 0 && len <= ID_MAX &&
	       strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:+/=") == len;
}

static int
take_session(struct au_session *session, const struct au_http_answer *answer, struct au_err *err)
{
	const char *id = json_is_object(answer->json) ? au_json_get_str(answer->json, "sessionId") : NULL;

	if (id == NULL || !is_session_id(id))
		return au_fail(err, AU_EPROTO, "log-in: answer without a session");
	au_secret_free(session->cookie);
	session->cookie = au_secret_from_text(id);
	session->used_mono = session->host->mono_ms();
	session->used = session->lost = false;
	return 0;
}

/* Clients were seen to send one of language and locale; who wants the one does not mind the other. */
static int
post_credentials(struct au_session *session, const char *username, const char *password, struct au_http_answer *ret,
    struct au_err *err)
{
	const struct ca_endpoint *endpoint = &session->endpoints.of[CA_AUTHORIZE];
	json_t *body;
	struct au_http_request request = { .method = endpoint->method, .path = endpoint->path };
	int r;

	if (endpoint->path == NULL)
		return au_fail(err, AU_EINVAL, "option 'endpoints': there is no way without 'authorize'");
	body = json_object();
	au_json_set_str(body, "userId", username);
	au_json_set_str(body, "password", password);
	au_json_set_str(body, "language", session->language);
	au_json_set_str(body, "locale", session->language);
	request.body = body;
	r = au_http_call(session->http, &request, ret, err);
	au_json_wipe(body);
	json_decref(body);
	return r;
}

static int
fail_refused(struct au_session *session, const struct au_http_answer *answer, struct au_err *err)
{
	session->refused = true;
	au_http_judge(answer, "log-in", err);
	au_err_prefix(err, AU_EAUTH,
	    "%s user '%s' was refused and is not tried again with the same password; a locked or inactive user, an "
	    "expired password%s look the same",
	    session->product, session->username, session->iam ? " and missing legacy API access" : "");
	return au_err_recode(err, AU_EAUTH);
}

static int
fail_too_many(const struct au_session *session, int64_t wait_ms, struct au_err *err)
{
	au_fail(err, AU_EBUSY, "log-in: too many in a short time; something ends the sessions of user '%s'",
	    session->username);
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

	/* Those that we begin for a list are our own wish. */
	if (session->lost && !au_rate_take(&session->logins, session->host->mono_ms(), &wait_ms))
		return fail_too_many(session, wait_ms, err);
	r = post_credentials(session, session->username, au_secret_text(session->password), &answer, err);
	if (r != 0)
		return r;
	if (answer.status == 400 || answer.status == 401 || answer.status == 403)
		r = fail_refused(session, &answer, err);
	else if ((r = au_http_judge(&answer, "log-in", err)) == 0)
		r = take_session(session, &answer, err);
	else if (r == AU_ENOENT)
		r = au_err_recode(err, AU_EPROTO);
	au_http_answer_done(&answer);
	return r;
}

static void
forget(struct au_session *session)
{
	au_secret_free(session->cookie);
	session->cookie = NULL;
}

void
ca_login_lost(struct au_session *session)
{
	forget(session);
	session->lost = true;
}

/* A failure does not matter: the session then ends by itself. */
static void
end_session(struct au_session *session, const char *id)
{
	const struct ca_endpoint *endpoint = &session->endpoints.of[CA_LOGOUT];
	AU_CLEANUP(au_freep) char *cookie = au_xasprintf("hazelcast.sessionId=%s", id);
	const struct au_http_request request = {
		.method = endpoint->method, .path = endpoint->path, .header = "Cookie", .value = cookie
	};
	struct au_http_answer answer = { 0 };

	if (endpoint->path != NULL && au_http_call(session->http, &request, &answer, NULL) == 0)
		au_http_answer_done(&answer);
	au_wipe(cookie, strlen(cookie));
}

void
ca_logout(struct au_session *session)
{
	if (session->cookie != NULL)
		end_session(session, au_secret_text(session->cookie));
	forget(session);
}

int
ca_login_ensure(struct au_session *session, bool *ret_fresh, struct au_err *err)
{
	int r;

	if (session->refused)
		return au_fail(err, AU_EAUTH,
		    "log-in: user '%s' was refused and is not tried again with the same password; give a new one or "
		    "reload",
		    session->username);
	if (session->cookie != NULL && session->host->mono_ms() - session->used_mono < IDLE_MS)
		return 0;
	ca_logout(session);
	if ((r = log_in(session, err)) != 0)
		return r;
	*ret_fresh = true;
	return 0;
}

int
ca_login_current(struct au_session *session, struct au_err *err)
{
	bool fresh;

	if (session->used)
		ca_logout(session);
	return ca_login_ensure(session, &fresh, err);
}

/* Log in as somebody and out again; the status, and whether that gave a session.  0: no answer. */
static int
try_login(struct au_session *session, const char *username, const char *password, bool *ret_in)
{
	struct au_http_answer answer = { 0 };
	const char *id;
	int r = post_credentials(session, username, password, &answer, NULL);

	id = json_is_object(answer.json) ? au_json_get_str(answer.json, "sessionId") : NULL;
	*ret_in = r == 0 && answer.status == 200 && id != NULL && is_session_id(id);
	if (*ret_in)
		end_session(session, id);
	au_http_answer_done(&answer);
	return r == 0 ? answer.status : 0;
}

int
ca_login_verify(struct au_session *session, const char *username, const char *password, struct au_err *err)
{
	bool in;

	if (try_login(session, username, password, &in) != 401)
		return 0;
	return au_fail(err, AU_ENOSUP, "user '%s' cannot log in with the password just set", username);
}

bool
ca_login_works(struct au_session *session, const char *username, const char *password)
{
	bool in;

	try_login(session, username, password, &in);
	return in;
}
