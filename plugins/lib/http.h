/* SPDX-License-Identifier: ISC */
/*
 * JSON over HTTP to one product, by libcurl: one connection cache per session,
 * TLS unless somebody says otherwise, nothing taken from the environment, no
 * redirects, limits on time and size, and every buffer that may have held a
 * secret wiped.
 */
#ifndef LIB_HTTP_H
#define LIB_HTTP_H

#include "base/json.h"

#define AU_HTTP_ETAG 256

struct au_http;

struct au_http_config {
	const char *url;         /* "https://HOST[:PORT][/PATH]" */
	const char *ca_file;     /* NULL = the system's certificates */
	bool insecure;           /* clear text to another machine is wanted */
	long long timeout_ms;    /* of a whole request */
	size_t max_answer;       /* bytes of a body */
	long long request_limit; /* requests in any five minutes; 0 = none */
	const struct au_host *host;
};

struct au_http_request {
	const char *method;
	const char *path;   /* behind the url, begins with '/' */
	const char *header; /* name of one header of its own, whose value may be a secret; NULL = none */
	const char *value;
	const json_t *body; /* NULL = none */
	const char *form;   /* instead of body: application/x-www-form-urlencoded; may be a secret; NULL = none */
	const char *header2, *value2; /* one more header; NULL = none */
	const char *type;             /* of the body, and wanted of the answer; NULL = application/json */
	bool once;          /* must never reach the product twice: no silent repeat, and AU_EUNKNOWN when unheard */
};

struct au_http_answer {
	int status;
	json_t *json; /* NULL when the body was empty, or was no JSON and the status says enough */
	unsigned retry_after_s;
	char etag[AU_HTTP_ETAG]; /* empty: there was none, or a longer one */
};

/* AU_EINVAL names what is wrong with the url or the certificate file.  No network. */
int au_http_new(const struct au_http_config *config, struct au_http **ret, struct au_err *err);
void au_http_free(struct au_http *http); /* NULL is fine */

/*
 * Send a request and wait for its answer, whatever its status.
 * AU_ETEMP: no connection, or no answer.  AU_EUNKNOWN: the same once a `once` request was under way, or its success
 * cannot be read.  AU_EPROTO: something other than JSON, a certificate that does not hold, an address that no product
 * lives at.  AU_ELIMIT: more than max_answer.
 */
int au_http_call(
    struct au_http *http, const struct au_http_request *request, struct au_http_answer *ret, struct au_err *err);
void au_http_answer_done(struct au_http_answer *answer); /* wipes */

/*
 * What a status means, by one table: 0 for 2xx, otherwise the code, with what the product said about it ("message",
 * "details", "errorMessage", "detail", "requestId") in the text and Retry-After in err.
 */
int au_http_judge(const struct au_http_answer *answer, const char *what, struct au_err *err);

#endif
