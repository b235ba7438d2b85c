/* SPDX-License-Identifier: ISC */
/*
 * A scripted HTTP server on loopback in a thread of its own: it expects
 * requests in order, gives each its answer and keeps what it was sent.
 */
#ifndef TESTS_PLUGINS_FAKE_H
#define TESTS_PLUGINS_FAKE_H

#include <jansson.h>

struct fake;

struct fake_step {
	const char *method, *path; /* what must come */
	int status;
	const char *body; /* NULL = empty */
	const char *type; /* NULL = application/json */
	const char *retry_after;
	int drop; /* take the request, then close the connection without an answer */
	int hang; /* take the request and never answer */
};

/* What came, as a JSON object: method, path, token (of X-Authorization), authorization, body (parsed, or text). */
struct fake *fake_start(void);
/* The same over TLS; the context stays the caller's. */
struct ssl_ctx_st;
struct fake *fake_start_tls(struct ssl_ctx_st *tls);
unsigned fake_port(const struct fake *fake);
void fake_expect(struct fake *fake, const struct fake_step *step); /* texts are copied */
/* The number-th request since the start or the last fake_forget; fails the test when there was none. */
const json_t *fake_seen(struct fake *fake, size_t number);
/* Fails the test unless every step was used and nothing else came; then forgets what came. */
void fake_check(struct fake *fake);
void fake_stop(struct fake *fake);

#endif
