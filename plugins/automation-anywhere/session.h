/* SPDX-License-Identifier: ISC */
/* A session with one Control Room: its options, its one token, and calls that keep the token alive. */
#ifndef AA_SESSION_H
#define AA_SESSION_H

#include "base/json.h"
#include "base/mem.h"
#include "base/rate.h"
#include "lib/http.h"
#include "lib/token.h"

struct au_session {
	const struct au_host *host;
	struct au_http *http;
	char *username;
	struct au_secret *password, *api_key; /* exactly one is set */
	struct au_token token;
	struct au_rate logins;
	bool refused; /* the log-in was refused: never again in this session (three bad ones can lock the account) */
	bool a360;
	bool verify_password; /* log in as a user whose password was set anew */
	long long page_length;
};

int aa_open(const struct au_host *host, const struct au_values *opts, struct au_session **ret, struct au_err *err);
void aa_close(struct au_session *session);

/* One call of the Control Room's API. */
struct aa_call {
	const char *method, *path;
	const json_t *body;     /* NULL = none */
	const char *permission; /* what the caller needs there, for a refusal's text */
	bool about_one;         /* 404 means: no such account */
	bool once;              /* a create: never sent twice */
};

/*
 * Make a call with a valid token.  A first 401 or 500 logs in anew and repeats the call once (not a `once` call after
 * 500).  The answer is wiped and freed by au_http_answer_done; on failure there is none.
 */
int aa_session_call(
    struct au_session *session, const struct aa_call *call, struct au_http_answer *ret, struct au_err *err);

#endif
