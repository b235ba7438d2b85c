/* SPDX-License-Identifier: ISC */
/* A session with one tenant: its options, its one log-in, its map of calls, and what it has learnt of names. */
#ifndef CA_SESSION_H
#define CA_SESSION_H

#include "base/json.h"
#include "base/mem.h"
#include "base/rate.h"
#include "calabrio/endpoint.h"
#include "lib/http.h"

/* A person that was made and not finished: its id is known to be ours whatever it bears. */
struct ca_unfinished {
	char *id, *mark;
	struct ca_unfinished *next;
};

struct au_session {
	const struct au_host *host;
	struct au_http *http;
	struct ca_endpoints endpoints;
	char *product, *support, *username, *language, *time_zone, *password_member;
	struct au_secret *password;
	struct au_secret *cookie; /* of the log-in; NULL when there is none */
	int64_t used_mono;
	bool lost;    /* the product has ended the log-in before */
	bool used;    /* it has made a call: whoever came since is in none of its lists */
	bool refused; /* the log-in was refused: never again in this session (a few bad ones lock the user) */
	bool marks, views, iam, verify_password;
	const struct au_values *opts;
	long long read_most;
	struct au_rate logins;
	struct ca_unfinished *unfinished;
	/* Learnt from persons and lists, objects as the product tells them. */
	json_t *roles, *known_views, *teams, *groups; /* teams and groups NULL until asked for */
	json_t *tenant;                               /* the tenant's id as a scope holds it; NULL when not known */
	bool knows_self;
};

int ca_open(const struct au_host *host, const struct au_values *opts, struct au_session **ret, struct au_err *err);
void ca_close(struct au_session *session);

/* One call of the map. */
struct ca_call {
	enum ca_endpoint_id endpoint;
	const char *id;     /* of the person; NULL where the path holds none */
	const json_t *body; /* NULL = none */
	bool about_one;     /* 404 means: no such account */
	bool once;          /* a create: never sent twice */
};

/*
 * Make a call within a log-in.  A first 401 or 403 logs in anew and repeats the call once.  The answer is wiped and
 * freed by au_http_answer_done; on failure there is none.
 */
int ca_session_call(
    struct au_session *session, const struct ca_call *call, struct au_http_answer *ret, struct au_err *err);
/* The same, where the answer must be an array or an object. */
int ca_session_array(
    struct au_session *session, const struct ca_call *call, struct au_http_answer *ret, struct au_err *err);
int ca_session_object(
    struct au_session *session, const struct ca_call *call, struct au_http_answer *ret, struct au_err *err);

void ca_session_remember(struct au_session *session, const char *id, const char *mark);
const char *ca_session_mark(const struct au_session *session, const char *id); /* NULL when not remembered */

#endif
