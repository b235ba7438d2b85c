/* SPDX-License-Identifier: ISC */
/* Options in, and calls that keep the log-in alive. */
#include "calabrio/session.h"

#include "base/secret.h"
#include "base/str.h"
#include "calabrio/brand.h"
#include "calabrio/login.h"

#include <string.h>

/* Log-ins beyond these few mean that something ends our sessions again and again. */
#define LOGIN_BURST 60
#define LOGIN_PER_SECOND 1.0

static char *
word_or(const struct au_session *session, const char *option, const char *dflt)
{
	const char *text = session->host->str(session->opts, option);

	return au_xstrdup(au_str_empty(text) ? dflt : text);
}

static int
open_http(struct au_session *session, struct au_err *err)
{
	const struct au_host *host = session->host;
	struct au_http_config config = {
		.url = host->str(session->opts, "url"),
		.ca_file = host->str(session->opts, "ca_file"),
		.insecure = host->num(session->opts, "insecure") != 0,
		.timeout_ms = host->num(session->opts, "timeout"),
		.max_answer = (size_t)host->num(session->opts, "max_answer"),
		.request_limit = host->num(session->opts, "request_limit"),
		.host = host,
	};

	return au_http_new(&config, &session->http, err);
}

/* The map, and one line about those calls that the vendor's public pages do not show. */
static int
open_endpoints(struct au_session *session, struct au_err *err)
{
	const char *text;
	int r;

	ca_endpoints_init(&session->endpoints);
	for (size_t i = 0; (text = session->host->item(session->opts, "endpoints", i)) != NULL; i++) {
		if ((r = ca_endpoints_set(&session->endpoints, text, err)) != 0)
			return r;
	}
	for (int id = 0; id < CA_ENDPOINT_COUNT; id++) {
		const struct ca_endpoint *endpoint = &session->endpoints.of[id];

		session->host->log(7, "call %s: %s %s (%s)", ca_endpoint_name((enum ca_endpoint_id)id),
		    endpoint->method != NULL ? endpoint->method : "not",
		    endpoint->path != NULL ? endpoint->path : "known",
		    endpoint->configured     ? "configured"
		    : endpoint->path != NULL ? "observed in public client programs"
					     : "a person does it");
	}
	return 0;
}

int
ca_open(const struct au_host *host, const struct au_values *opts, struct au_session **ret, struct au_err *err)
{
	struct au_session *session;
	int r;

	if (host->size < sizeof(*host))
		return au_fail(err, AU_EBUG, "apiuserd-target is older than this plugin");
	session = au_xcalloc(1, sizeof(*session));
	session->host = host;
	session->opts = opts;
	session->product = word_or(session, "product_name", ca_brand.product);
	session->support = word_or(session, "support", ca_brand.support);
	session->username = au_xstrdup(host->str(opts, "username"));
	session->language = au_xstrdup(host->str(opts, "language"));
	session->time_zone = au_xstrdup(host->str(opts, "time_zone"));
	session->password_member = au_xstrdup(host->str(opts, "password_member"));
	session->password = au_secret_from_text(host->str(opts, "password"));
	session->marks = host->num(opts, "mark") != 0;
	session->views = host->num(opts, "views") != 0;
	session->iam = host->num(opts, "iam") != 0;
	session->verify_password = host->num(opts, "verify_password") != 0;
	session->read_most = host->num(opts, "read_most");
	session->roles = json_array();
	session->known_views = json_array();
	au_rate_init(&session->logins, LOGIN_PER_SECOND, LOGIN_BURST, host->mono_ms());
	if ((r = open_endpoints(session, err)) != 0 || (r = open_http(session, err)) != 0) {
		ca_close(session);
		return r;
	}
	*ret = session;
	return 0;
}

static void
forget_unfinished(struct au_session *session)
{
	while (session->unfinished != NULL) {
		struct ca_unfinished *one = session->unfinished;

		session->unfinished = one->next;
		free(one->id);
		free(one->mark);
		free(one);
	}
}

void
ca_close(struct au_session *session)
{
	if (session == NULL)
		return;
	if (session->http != NULL)
		ca_logout(session);
	au_http_free(session->http);
	au_secret_free(session->cookie);
	au_secret_free(session->password);
	forget_unfinished(session);
	ca_endpoints_done(&session->endpoints);
	json_decref(session->roles);
	json_decref(session->known_views);
	json_decref(session->teams);
	json_decref(session->groups);
	json_decref(session->tenant);
	free(session->product);
	free(session->support);
	free(session->username);
	free(session->language);
	free(session->time_zone);
	free(session->password_member);
	free(session);
}

void
ca_session_remember(struct au_session *session, const char *id, const char *mark)
{
	struct ca_unfinished *one = au_xcalloc(1, sizeof(*one));

	one->id = au_xstrdup(id);
	one->mark = au_xstrdup(mark);
	one->next = session->unfinished;
	session->unfinished = one;
}

const char *
ca_session_mark(const struct au_session *session, const char *id)
{
	for (const struct ca_unfinished *one = session->unfinished; one != NULL; one = one->next) {
		if (au_streq(one->id, id))
			return one->mark;
	}
	return NULL;
}

/* ---- calls ---------------------------------------------------------------------- */

/* A status in the terms of this call. */
static int
judge(const struct au_session *session, const struct ca_call *call, const char *path,
    const struct au_http_answer *answer, struct au_err *err)
{
	AU_CLEANUP(au_freep)
	char *what = au_xasprintf("%s %s", session->endpoints.of[call->endpoint].method, path);
	int r = au_http_judge(answer, what, err);

	if (r == AU_EPERM)
		return au_err_prefix(err, r, "%s user '%s' lacks the default system administrator role or one like it",
		    session->product, session->username);
	if (r == AU_EAUTH)
		return au_err_prefix(err, r, "a session was refused right after its log-in");
	if (r == AU_ENOENT && !call->about_one)
		return au_err_recode(err, AU_EPROTO);
	if (r == AU_ETEMP && call->once)
		return au_err_recode(err, AU_EUNKNOWN);
	return r;
}

static int
send(struct au_session *session, const struct ca_call *call, const char *path, struct au_http_answer *ret,
    struct au_err *err)
{
	AU_CLEANUP(au_freep) char *cookie = au_xasprintf("hazelcast.sessionId=%s", au_secret_text(session->cookie));
	const struct au_http_request request = { .method = session->endpoints.of[call->endpoint].method,
		.path = path,
		.header = "Cookie",
		.value = cookie,
		.body = call->body,
		.once = call->once };
	int r = au_http_call(session->http, &request, ret, err);

	au_wipe(cookie, strlen(cookie));
	session->used_mono = session->host->mono_ms();
	session->used = true;
	return r;
}

int
ca_session_call(struct au_session *session, const struct ca_call *call, struct au_http_answer *ret, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *path = NULL;
	struct au_http_answer answer = { 0 };
	bool fresh = false;
	int r = ca_endpoints_path(&session->endpoints, call->endpoint, call->id, &path, err);

	if (r != 0)
		return r;
	for (;;) {
		if ((r = ca_login_ensure(session, &fresh, err)) != 0)
			return r;
		r = send(session, call, path, &answer, err);
		/* What a log-in may see and do is settled when it begins, so an old one is not to be believed. */
		if (r != 0 || fresh || (answer.status != 401 && answer.status != 403))
			break;
		ca_login_lost(session);
		au_http_answer_done(&answer);
	}
	/* A page instead of JSON is another way in which a dead session shows: the next call logs in. */
	if (r == AU_EPROTO || answer.status == 401)
		ca_login_lost(session);
	if (r == 0 && (r = judge(session, call, path, &answer, err)) != 0)
		au_http_answer_done(&answer);
	if (r == 0)
		*ret = answer;
	return r;
}

int
ca_session_array(struct au_session *session, const struct ca_call *call, struct au_http_answer *ret, struct au_err *err)
{
	int r = ca_session_call(session, call, ret, err);

	if (r != 0 || json_is_array(ret->json))
		return r;
	au_http_answer_done(ret);
	return au_fail(err, AU_EPROTO, "call %s: answer without an array", ca_endpoint_name(call->endpoint));
}

int
ca_session_object(
    struct au_session *session, const struct ca_call *call, struct au_http_answer *ret, struct au_err *err)
{
	int r = ca_session_call(session, call, ret, err);

	if (r != 0 || json_is_object(ret->json))
		return r;
	au_http_answer_done(ret);
	return au_fail(err, AU_EPROTO, "call %s: answer without an object", ca_endpoint_name(call->endpoint));
}
