/* SPDX-License-Identifier: ISC */
/* From options to a session, and the one way in which the service is called. */
#include "scim-target/session.h"

#include "base/secret.h"
#include "base/str.h"
#include "scim-target/login.h"

#include <string.h>

/* ---- options ---------------------------------------------------------------------- */

/* Words of an option, in the order of the enumeration that they stand for. */
static int
word_of(const char *value, const char *const *words)
{
	int i = 0;

	while (words[i] != NULL && !au_streq(words[i], value))
		i++;
	return i;
}

static int
open_http(const struct au_session *session, const struct au_values *opts, const char *url, struct au_http **ret,
    struct au_err *err)
{
	const struct au_host *host = session->host;
	struct au_http_config config = {
		.url = host->str(opts, url),
		.ca_file = host->str(opts, "ca_file"),
		.insecure = host->num(opts, "insecure") != 0,
		.timeout_ms = host->num(opts, "timeout"),
		.max_answer = (size_t)host->num(opts, "max_answer"),
		.request_limit = host->num(opts, "request_limit"),
		.host = host,
	};
	int r = au_http_new(&config, ret, err);

	return r != 0 ? au_err_prefix(err, r, "option '%s'", url) : 0;
}

static int
need(const struct au_session *session, const struct au_values *opts, const char *name, struct au_err *err)
{
	if (!au_str_empty(session->host->str(opts, name)))
		return 0;
	return au_fail(
	    err, AU_EINVAL, "option '%s': needed with auth = \"%s\"", name, session->host->str(opts, "auth"));
}

static int
open_bearer(struct au_session *session, const struct au_values *opts, struct au_err *err)
{
	int r = need(session, opts, "token", err);

	if (r != 0)
		return r;
	session->credential = au_secret_from_text(session->host->str(opts, "token"));
	if (strpbrk(au_secret_text(session->credential), "\r\n") != NULL)
		return au_fail(err, AU_EINVAL, "option 'token': expected a single line");
	return 0;
}

static int
open_basic(struct au_session *session, const struct au_values *opts, struct au_err *err)
{
	const struct au_host *host = session->host;
	int r = need(session, opts, "username", err);

	if (r != 0 || (r = need(session, opts, "password", err)) != 0)
		return r;
	/* RFC 7617 section 2: a colon ends the name */
	if (strchr(host->str(opts, "username"), ':') != NULL)
		return au_fail(err, AU_EINVAL, "option 'username': '%s' has a colon, which HTTP Basic cannot say",
		    host->str(opts, "username"));
	session->credential = sc_login_basic(host->str(opts, "username"), host->str(opts, "password"));
	return 0;
}

static int
open_oauth(struct au_session *session, const struct au_values *opts, struct au_err *err)
{
	static const char *const places[] = { "basic", "body", NULL };
	const struct au_host *host = session->host;
	int r = need(session, opts, "token_url", err);

	if (r != 0 || (r = need(session, opts, "client_id", err)) != 0 ||
	    (r = need(session, opts, "client_secret", err)) != 0)
		return r;
	session->client_id = au_xstrdup(host->str(opts, "client_id"));
	session->client_secret = au_secret_from_text(host->str(opts, "client_secret"));
	session->scope = au_xstrdup(host->str(opts, "scope"));
	session->secret_in_body = word_of(host->str(opts, "client_auth"), places) == 1;
	return open_http(session, opts, "token_url", &session->token_http, err);
}

static int
open_credential(struct au_session *session, const struct au_values *opts, struct au_err *err)
{
	static const char *const words[] = { "bearer", "basic", "oauth", NULL };

	session->auth = (enum sc_auth)word_of(session->host->str(opts, "auth"), words);
	switch (session->auth) {
	case SC_BEARER:
		return open_bearer(session, opts, err);
	case SC_BASIC:
		return open_basic(session, opts, err);
	case SC_OAUTH:
		return open_oauth(session, opts, err);
	}
	return au_fail(err, AU_EBUG, "option 'auth': unknown word");
}

static char **
copy_list(const struct au_host *host, const struct au_values *opts, const char *name)
{
	size_t count = 0;
	char **list;

	while (host->item(opts, name, count) != NULL)
		count++;
	list = au_xcalloc(count + 1, sizeof *list);
	for (size_t i = 0; i < count; i++)
		list[i] = au_xstrdup(host->item(opts, name, i));
	return list;
}

static void
read_managed(struct au_session *session, const struct au_values *opts)
{
	const char *kind;

	for (size_t i = 0; (kind = session->host->item(opts, "managed", i)) != NULL; i++) {
		session->managed.groups |= strcmp(kind, "groups") == 0;
		session->managed.roles |= strcmp(kind, "roles") == 0;
		session->managed.entitlements |= strcmp(kind, "entitlements") == 0;
	}
}

static void
read_habits(struct au_session *session, const struct au_values *opts)
{
	static const char *const memberships[] = { "auto", "user", "groups", NULL };
	static const char *const updates[] = { "auto", "patch", "put", NULL };
	static const char *const pagings[] = { "auto", "index", "cursor", NULL };
	static const char *const filters[] = { "auto", "yes", "no", NULL };
	const struct au_host *host = session->host;

	session->memberships = (enum sc_memberships)word_of(host->str(opts, "memberships"), memberships);
	session->update = (enum sc_update)word_of(host->str(opts, "update"), updates);
	session->paging = (enum sc_paging)word_of(host->str(opts, "paging"), pagings);
	session->filter = (enum sc_filter)word_of(host->str(opts, "filter"), filters);
	session->discovers = host->num(opts, "discovery") != 0;
	session->discovery_age_ms = host->num(opts, "discovery_age");
	session->removes_by_list = au_streq(host->str(opts, "member_removal"), "list");
	session->whole_values = au_streq(host->str(opts, "patch_form"), "value");
	session->puts_members = host->num(opts, "put_members") != 0;
	session->foreign_groups = copy_list(host, opts, "foreign_groups");
	session->mail_type = au_xstrdup(host->str(opts, "mail_type"));
	session->media_type =
	    au_streq(host->str(opts, "media_type"), "json") ? "application/json" : "application/scim+json";
	session->page_length = host->num(opts, "page_length");
	session->max_resources = host->num(opts, "max_resources");
	session->looks_up = host->num(opts, "catalogue") != 0;
	read_managed(session, opts);
}

int
sc_open(const struct au_host *host, const struct au_values *opts, struct au_session **ret, struct au_err *err)
{
	struct au_session *session;
	int r;

	if (host->size < sizeof(*host))
		return au_fail(err, AU_EBUG, "apiuserd-target is older than this plugin");
	session = au_xcalloc(1, sizeof(*session));
	session->host = host;
	read_habits(session, opts);
	if ((r = open_credential(session, opts, err)) != 0 ||
	    (r = open_http(session, opts, "url", &session->http, err)) != 0) {
		sc_close(session);
		return r;
	}
	*ret = session;
	return 0;
}

void
sc_close(struct au_session *session)
{
	if (session == NULL)
		return;
	au_token_clear(&session->token);
	au_secret_free(session->credential);
	au_secret_free(session->client_secret);
	au_http_free(session->http);
	au_http_free(session->token_http);
	free(session->client_id);
	free(session->scope);
	for (size_t i = 0; session->foreign_groups != NULL && session->foreign_groups[i] != NULL; i++)
		free(session->foreign_groups[i]);
	free(session->foreign_groups);
	free(session->mail_type);
	sc_service_done(&session->service);
	free(session);
}

/* ---- calls ------------------------------------------------------------------------- */

/* A status in the terms of this call. */
static int
judge(struct au_session *session, const struct sc_call *call, const struct au_http_answer *answer, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *what = au_xasprintf("%s %s", call->method, call->path);
	int r = au_http_judge(answer, what, err);

	switch (answer->status) {
	case 401:
		return au_err_prefix(err, r, "the service refuses our credential");
	case 403:
		return au_err_prefix(err, r, "our credential may not do this in the service");
	case 405:
	case 501:
		sc_service_forget(&session->service);
		return au_err_recode(err, AU_ENOSUP);
	case 412:
		au_err_prefix(err, r, "somebody else changed it meanwhile");
		return au_err_recode(err, AU_ETEMP);
	default:
		break;
	}
	if (r == AU_ENOENT && !call->about_one)
		return au_err_recode(err, AU_EPROTO);
	return r == AU_ETEMP && call->once ? au_err_recode(err, AU_EUNKNOWN) : r;
}

static int
send_call(struct au_session *session, const struct sc_call *call, struct au_http_answer *ret, struct au_err *err)
{
	char *credential = sc_login_header(session);
	struct au_http_request request = { .method = call->method,
		.path = call->path,
		.header = "Authorization",
		.value = credential,
		.header2 = call->if_match != NULL ? "If-Match" : NULL,
		.value2 = call->if_match,
		.body = call->body,
		.type = session->media_type,
		.once = call->once };
	int r = au_http_call(session->http, &request, ret, err);

	au_wipe(credential, strlen(credential));
	free(credential);
	return r;
}

int
sc_call(struct au_session *session, const struct sc_call *call, struct au_http_answer *ret, struct au_err *err)
{
	struct au_http_answer answer = { 0 };
	bool fresh = false;
	int r;

	for (;;) {
		if ((r = sc_login_ensure(session, &fresh, err)) != 0)
			return r;
		r = send_call(session, call, &answer, err);
		if (r != 0 || answer.status != 401 || session->auth != SC_OAUTH || fresh)
			break;
		au_token_clear(&session->token);
		au_http_answer_done(&answer);
	}
	if (r == 0 && (r = judge(session, call, &answer, err)) != 0)
		au_http_answer_done(&answer);
	if (r == 0)
		*ret = answer;
	return r;
}
