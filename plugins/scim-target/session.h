/* SPDX-License-Identifier: ISC */
/* A session with one SCIM service: its options, its credential, and calls that keep the credential good. */
#ifndef SC_SESSION_H
#define SC_SESSION_H

#include "base/json.h"
#include "base/mem.h"
#include "lib/http.h"
#include "lib/token.h"
#include "scim-target/service.h"

#define SC_USER "urn:ietf:params:scim:schemas:core:2.0:User"
#define SC_PATCH "urn:ietf:params:scim:api:messages:2.0:PatchOp"

/* How the service knows us. */
enum sc_auth { SC_BEARER, SC_BASIC, SC_OAUTH };
/* Where it is read which groups a user is in. */
enum sc_memberships { SC_MEMBERSHIPS_AUTO, SC_MEMBERSHIPS_USER, SC_MEMBERSHIPS_GROUPS };
/* How a change is sent, how a list is paged, whether filters are heard: as the service says, or as an option does. */
enum sc_update { SC_UPDATE_AUTO, SC_UPDATE_PATCH, SC_UPDATE_PUT };
enum sc_paging { SC_PAGING_AUTO, SC_PAGING_INDEX, SC_PAGING_CURSOR };
enum sc_filter { SC_FILTER_AUTO, SC_FILTER_YES, SC_FILTER_NO };

/* What is kept equal to the template. */
struct sc_managed {
	bool groups, roles, entitlements;
};

struct au_session {
	const struct au_host *host;
	struct au_http *http;
	const char *media_type; /* of the plugin */

	enum sc_auth auth;
	struct au_secret *credential; /* the bearer token, or what follows "Basic " */
	struct au_http *token_http;   /* SC_OAUTH: where tokens come from */
	char *client_id, *scope;      /* scope NULL = none */
	struct au_secret *client_secret;
	bool secret_in_body; /* of a request for a token; else by HTTP Basic */
	bool refused;        /* the client was refused: never again in this session */
	struct au_token token;

	enum sc_memberships memberships;
	enum sc_update update;
	enum sc_paging paging;
	enum sc_filter filter;
	struct sc_managed managed;
	bool looks_up; /* names of roles and entitlements, where the service lists them */
	bool discovers, removes_by_list, puts_members, whole_values;
	char **foreign_groups; /* names and ids, NULL-terminated */
	char *mail_type;
	long long page_length, max_resources, discovery_age_ms;

	struct sc_service service; /* ask sc_service_ensure first */
};

int sc_open(const struct au_host *host, const struct au_values *opts, struct au_session **ret, struct au_err *err);
void sc_close(struct au_session *session);

/* One call of the service. */
struct sc_call {
	const char *method, *path;
	const json_t *body;   /* NULL = none */
	const char *if_match; /* NULL = whatever is there */
	bool about_one;       /* 404 means: no such resource */
	bool once;            /* a create: never sent twice */
};

/*
 * Make a call with a valid credential; a first 401 fetches a new token, where tokens are fetched, and repeats the call
 * once.  AU_ETEMP: what is there is not what if_match says.  AU_ENOSUP: the service does not know the method, and is
 * asked anew what it supports before the next call.  The answer is wiped and freed by au_http_answer_done; on failure
 * there is none.
 */
int sc_call(struct au_session *session, const struct sc_call *call, struct au_http_answer *ret, struct au_err *err);

#endif
