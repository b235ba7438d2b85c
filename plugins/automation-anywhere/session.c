/* SPDX-License-Identifier: ISC */
/* One token for all calls of a target: a second log-in of the same user may end the first one's session. */
#include "automation-anywhere/session.h"

#include "automation-anywhere/login.h"
#include "base/secret.h"
#include "base/str.h"

/* Log-ins beyond these few mean that something throws our token away again and again. */
#define LOGIN_BURST 10
#define LOGIN_PER_SECOND (1.0 / 30)

static int
open_http(struct au_session *session, const struct au_values *opts, struct au_err *err)
{
	const struct au_host *host = session->host;
	struct au_http_config config = {
		.url = host->str(opts, "url"),
		.ca_file = host->str(opts, "ca_file"),
		.insecure = host->num(opts, "insecure") != 0,
		.timeout_ms = host->num(opts, "timeout"),
		.max_answer = (size_t)host->num(opts, "max_answer"),
		.request_limit = host->num(opts, "request_limit"),
		.host = host,
	};

	return au_http_new(&config, &session->http, err);
}

int
aa_open(const struct au_host *host, const struct au_values *opts, struct au_session **ret, struct au_err *err)
{
	const char *password, *api_key;
	struct au_session *session;
	int r;

	if (host->size < sizeof(*host))
		return au_fail(err, AU_EBUG, "apiuserd-target is older than this plugin");
	password = host->str(opts, "password");
	api_key = host->str(opts, "api_key");
	if (au_str_empty(password) == au_str_empty(api_key))
		return au_fail(err, AU_EINVAL, "options 'password' and 'api_key': expected exactly one of them");
	session = au_xcalloc(1, sizeof(*session));
	session->host = host;
	session->username = au_xstrdup(host->str(opts, "username"));
	if (au_str_empty(api_key))
		session->password = au_secret_from_text(password);
	else
		session->api_key = au_secret_from_text(api_key);
	session->a360 = au_streq(host->str(opts, "profile"), "a360");
	session->verify_password = host->num(opts, "verify_password") != 0;
	session->page_length = host->num(opts, "page_length");
	au_rate_init(&session->logins, LOGIN_PER_SECOND, LOGIN_BURST, host->mono_ms());
	if ((r = open_http(session, opts, err)) != 0) {
		aa_close(session);
		return r;
	}
	*ret = session;
	return 0;
}

void
aa_close(struct au_session *session)
{
	if (session == NULL)
		return;
	au_token_clear(&session->token);
	au_secret_free(session->password);
	au_secret_free(session->api_key);
	au_http_free(session->http);
	free(session->username);
	free(session);
}

/* A status in the terms of this call. */
static int
judge(const struct aa_call *call, const struct au_http_answer *answer, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *what = au_xasprintf("%s %s", call->method, call->path);
	int r = au_http_judge(answer, what, err);

	if (r == AU_EPERM)
		return au_err_prefix(err, r, "the Control Room user needs the permission '%s'", call->permission);
	if (r == AU_EAUTH)
		return au_err_prefix(err, r, "a token was refused right after its log-in");
	if (r == AU_ENOENT && !call->about_one)
		return au_err_recode(err, AU_EPROTO);
	if (r == AU_ETEMP && call->once)
		return au_err_recode(err, AU_EUNKNOWN);
	return r;
}

/* A token that is not accepted any more shows as 401, and on some calls as 500. */
static bool
blames_token(const struct au_session *session, const struct aa_call *call, int status)
{
	return status == 401 || (status == 500 && !call->once && aa_login_allowed(session));
}

int
aa_session_call(struct au_session *session, const struct aa_call *call, struct au_http_answer *ret, struct au_err *err)
{
	struct au_http_request request = { .method = call->method,
		.path = call->path,
		.header = "X-Authorization",
		.body = call->body,
		.once = call->once };
	struct au_http_answer answer = { 0 };
	bool fresh = false;
	int r;

	for (;;) {
		if ((r = aa_login_ensure(session, &fresh, err)) != 0)
			return r;
		request.value = au_secret_text(session->token.text);
		r = au_http_call(session->http, &request, &answer, err);
		if (r != 0 || fresh || !blames_token(session, call, answer.status))
			break;
		au_token_clear(&session->token);
		au_http_answer_done(&answer);
	}
	/* A page instead of JSON is another way in which a dead session shows: the next call logs in. */
	if (r == AU_EPROTO || answer.status == 401)
		au_token_clear(&session->token);
	if (r == 0 && (r = judge(call, &answer, err)) != 0)
		au_http_answer_done(&answer);
	if (r == 0)
		*ret = answer;
	return r;
}
