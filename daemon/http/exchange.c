/* SPDX-License-Identifier: ISC */
/* The handler's view of a request, and the way its answer takes to the connection, if that is still there. */
#include "http/exchange.h"

#include "base/clock.h"
#include "http/answer.h"
#include "http/certificate.h"
#include "http/conn.h"
#include "http/grammar.h"
#include "http/instance.h"
#include "http/record.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <string.h>
#include <sys/socket.h>

#define FIELDS_ROOM 192 /* of nearly every answer */

/* Every field has a line of its own, so no more room is needed for them. */
static unsigned
count_lines(const char *head, size_t len, unsigned most)
{
	const char *end = head + len;
	unsigned count = 0;

	while (count < most && (head = memchr(head, '\n', (size_t)(end - head))) != NULL) {
		head++;
		count++;
	}
	return count;
}

static void
split_target(struct au_http_exchange *x)
{
	const char *mark = strchr(x->head.target, '?');

	x->path = x->head.target;
	if (mark != NULL) {
		x->path = au_arena_strndup(x->arena, x->head.target, (size_t)(mark - x->head.target));
		x->query = mark + 1;
	}
}

static void
learn_origin(struct au_http_exchange *x, const struct au_http_conn *conn)
{
	const struct au_http_server *server = conn->server;
	struct au_http_origin origin;
	char peer[INET6_ADDRSTRLEN], host[AU_HTTP_PEER_SIZE];

	au_http_forwarded(&x->head, &server->proxies, server->config.forwarding, &conn->address, x->arena, &origin);
	x->peer = au_arena_strdup(x->arena, au_net_address_text(&origin.address, peer));
	au_http_peer_key(&origin.address, conn->uid, host);
	x->peer_host = au_arena_strdup(x->arena, host);
	x->scheme = conn->ssl != NULL ? "https" : "http";
	if (origin.scheme != NULL)
		x->scheme = origin.scheme;
	x->host = origin.host != NULL ? origin.host : x->head.host;
}

int
au_http_exchange_new(struct au_http_conn *conn, const char *head, size_t len, unsigned max_fields,
    struct au_http_exchange **ret, struct au_err *err)
{
	struct au_http_exchange *x = au_xcalloc(1, sizeof(*x));
	struct au_http_field *fields;
	char *text;
	int rc;

	x->conn = conn;
	x->arena = au_arena_new();
	x->body = "";
	x->certificate = au_http_certificate_hold(conn->certificate);
	x->has_uid = conn->has_uid;
	x->uid = conn->uid;
	x->gid = conn->gid;
	x->began_mono = au_clock_mono_ms();
	*ret = x;
	text = au_arena_strndup(x->arena, head, len);
	max_fields = count_lines(head, len, max_fields);
	fields = au_arena_alloc(x->arena, max_fields * sizeof(*fields));
	if ((rc = au_http_head_parse(text, len, fields, max_fields, &x->head, err)) < 0)
		return rc;
	learn_origin(x, conn);
	split_target(x);
	au_http_record_begin(x);
	return 0;
}

void
au_http_exchange_free(struct au_http_exchange *x)
{
	if (x == NULL)
		return;
	au_http_certificate_release(x->certificate);
	au_str_done(&x->fields);
	au_arena_free(x->arena);
	free(x);
}

/* ---- the request ---- */

struct au_arena *
au_http_arena(struct au_http_exchange *x)
{
	return x->arena;
}

const char *
au_http_method(const struct au_http_exchange *x)
{
	return x->head.method;
}

const char *
au_http_path(const struct au_http_exchange *x)
{
	return x->path;
}

const char *
au_http_query(const struct au_http_exchange *x)
{
	return x->query;
}

const char *
au_http_header(const struct au_http_exchange *x, const char *name)
{
	size_t i;

	for (i = 0; i < x->head.field_count; i++)
		if (au_strcaseeq(x->head.fields[i].name, name))
			return x->head.fields[i].value;
	return NULL;
}

const char *
au_http_body(const struct au_http_exchange *x, size_t *ret_len)
{
	*ret_len = x->body_len;
	return x->body;
}

bool
au_http_peer_uid(const struct au_http_exchange *x, uid_t *ret_uid, gid_t *ret_gid)
{
	if (!x->has_uid)
		return false;
	*ret_uid = x->uid;
	*ret_gid = x->gid;
	return true;
}

size_t
au_http_peer_groups(struct au_http_exchange *x, const gid_t **ret)
{
	int fd = x->conn != NULL && x->has_uid ? bufferevent_getfd(x->conn->bev) : -1;
	socklen_t size = 0;
	gid_t *groups;

	/* Asked with no room, the kernel tells how much it needs. */
	if (fd < 0 || getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, NULL, &size) == 0 || errno != ERANGE)
		return 0;
	groups = au_arena_alloc(x->arena, size);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size) < 0)
		return 0;
	*ret = groups;
	return size / sizeof(*groups);
}

const char *
au_http_peer(const struct au_http_exchange *x)
{
	return x->peer;
}

const char *
au_http_peer_host(const struct au_http_exchange *x)
{
	return x->peer_host;
}

void
au_http_label(struct au_http_exchange *x, const char *client)
{
	x->client = au_arena_strdup(x->arena, client);
	if (x->conn != NULL)
		x->conn->proven = true;
}

const char *
au_http_id(const struct au_http_exchange *x)
{
	return x->id;
}

const char *
au_http_scheme(const struct au_http_exchange *x)
{
	return x->scheme;
}

const char *
au_http_host(const struct au_http_exchange *x)
{
	return x->host;
}

const struct au_http_certificate *
au_http_peer_certificate(const struct au_http_exchange *x)
{
	return x->certificate;
}

/* ---- the answer ---- */

/* Fields that frame the message are the server's alone. */
static bool
is_reserved(const char *name)
{
	static const char *const names[] = { "Connection", "Content-Length", "Content-Type", "Date", "Server",
		"Transfer-Encoding", "X-Request-Id" };
	size_t i;

	for (i = 0; i < AU_COUNT(names); i++)
		if (au_strcaseeq(name, names[i]))
			return true;
	return false;
}

bool
au_http_set(struct au_http_exchange *x, const char *name, const char *value)
{
	if (!au_http_is_token(name) || !au_http_is_field_value(value) || is_reserved(name))
		return false;
	au_str_room(&x->fields, FIELDS_ROOM);
	au_str_put(&x->fields, name);
	au_str_put(&x->fields, ": ");
	au_str_put(&x->fields, value);
	au_str_put(&x->fields, "\r\n");
	return true;
}

static void
reply(struct au_http_exchange *x, int status, const char *content_type, const char *body, size_t len, bool secret)
{
	struct au_http_conn *conn = x->conn;

	if (conn != NULL) {
		struct au_http_answer answer = {
			.status = status,
			.content_type = content_type,
			.fields = x->fields.data,
			.body = body,
			.len = len,
			.secret = secret,
		};

		au_http_conn_answer(conn, &answer);
	}
	au_http_exchange_free(x);
}

void
au_http_reply(struct au_http_exchange *x, int status, const char *content_type, const char *body, size_t len)
{
	reply(x, status, content_type, body, len, false);
}

void
au_http_reply_secret(struct au_http_exchange *x, int status, const char *content_type, const char *body, size_t len)
{
	reply(x, status, content_type, body, len, true);
}
