/* SPDX-License-Identifier: ISC */
/* One request and its answer, as this folder sees it.  It outlives its connection when the client leaves early. */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include "base/str.h"
#include "http/head.h"
#include "http/server.h"

#define AU_HTTP_ID_SIZE 65

struct au_http_conn;

struct au_http_exchange {
	struct au_http_conn *conn; /* NULL once the connection is gone */
	struct au_arena *arena;
	struct au_http_head head;
	const char *path, *query;
	const char *body;
	size_t body_len;
	struct au_str fields; /* of the answer */
	const char *peer, *peer_host;
	const char *scheme, *host;
	const char *client; /* its label; NULL = none */
	char id[AU_HTTP_ID_SIZE];
	int64_t began_mono;
	struct au_http_certificate *certificate; /* held; NULL = none */
	bool has_uid;
	uid_t uid;
	gid_t gid;
};

/* Make one from a whole head, which is copied and parsed.  It is made on failure too, so that the refusal has an arena.
 */
int au_http_exchange_new(struct au_http_conn *conn, const char *head, size_t len, unsigned max_fields,
    struct au_http_exchange **ret, struct au_err *err);
void au_http_exchange_free(struct au_http_exchange *x);

#endif
