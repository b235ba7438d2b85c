/* SPDX-License-Identifier: ISC */
/*
 * The state machine of a connection.  The high watermark bounds what can pile
 * up while an answer is pending; a deadline belongs to each state and is not
 * moved by single octets.
 */
#include "http/conn.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "http/answer.h"
#include "http/certificate.h"
#include "http/exchange.h"
#include "http/instance.h"
#include "http/record.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <openssl/err.h>
#include <string.h>

/* How long a client may take to read an answer after which we close; without it a reset could overtake the answer. */
#define LINGER_MS 1000

static void
set_deadline(struct au_http_conn *conn, long long ms)
{
	struct timeval tv = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

	event_add(conn->deadline, &tv);
}

/* Every state but being handled and being dead is one in which the client has the word. */
static void
set_state(struct au_http_conn *conn, enum au_http_conn_state state)
{
	conn->state = state;
	if (state == AU_CONN_BUSY || state == AU_CONN_DEAD)
		au_http_waiting_end(&conn->server->waiting, conn);
	else
		au_http_waiting_begin(&conn->server->waiting, conn);
}

static void
set_read_limit(struct au_http_conn *conn, size_t limit)
{
	bufferevent_setwatermark(conn->bev, EV_READ, 0, limit);
}

/* While it is being handled it belongs to the handler, who will find nobody to answer to. */
static void
give_up_exchange(struct au_http_conn *conn)
{
	if (conn->state == AU_CONN_BUSY) {
		au_http_record_end(conn, conn->exchange, conn->exchange->id, AU_HTTP_CLIENT_LEFT, 0);
		conn->exchange->conn = NULL;
	} else {
		au_http_exchange_free(conn->exchange);
	}
	conn->exchange = NULL;
}

static void
note_bad_handshake(const struct au_http_conn *conn)
{
	struct au_http_server *server = conn->server;
	unsigned per_second = server->config.bad_handshakes_per_second;

	server->counters.bad_handshakes++;
	if (per_second > 0 && conn->peer_key[0] != '\0')
		au_http_handshakes_failed(server->handshakes, conn->peer_key, per_second, au_clock_mono_ms());
}

void
au_http_conn_free(struct au_http_conn *conn)
{
	struct au_http_server *server = conn->server;

	if (conn->ssl != NULL && !conn->shaken)
		note_bad_handshake(conn);
	LIST_REMOVE(conn, entry);
	au_http_waiting_end(&server->waiting, conn);
	server->conn_count--;
	if (conn->peer_key[0] != '\0')
		au_http_peers_release(server->peers, conn->peer_key);
	give_up_exchange(conn);
	if (conn->chunked_body != NULL)
		evbuffer_free(conn->chunked_body);
	if (conn->deadline != NULL)
		event_free(conn->deadline);
	au_http_certificate_release(conn->certificate);
	bufferevent_free(conn->bev);
	free(conn);
}

/* A connection that is on the stack is freed by conn_work. */
static void
conn_end(struct au_http_conn *conn)
{
	if (!conn->working) {
		au_http_conn_free(conn);
		return;
	}
	give_up_exchange(conn);
	set_state(conn, AU_CONN_DEAD);
}

/*
 * libevent calls again and again for a buffer that stays at its high watermark while reading is enabled, so a client
 * that sends on while its answer is pending is not read at all.  Those who wait cost no call to epoll.
 */
static void
pause_reading(struct au_http_conn *conn)
{
	bool waits = conn->state == AU_CONN_BUSY || conn->state == AU_CONN_WRITE;

	if (waits && evbuffer_get_length(bufferevent_get_input(conn->bev)) >= conn->server->config.max_head)
		bufferevent_disable(conn->bev, EV_READ);
}

static void
resume_reading(struct au_http_conn *conn)
{
	if ((bufferevent_get_enabled(conn->bev) & EV_READ) == 0 && !conn->peer_closed)
		bufferevent_enable(conn->bev, EV_READ);
}

/* ---- answering ---- */

static void
start_linger(struct au_http_conn *conn)
{
	struct evbuffer *input = bufferevent_get_input(conn->bev);

	if (conn->ssl != NULL) {
		SSL_shutdown(conn->ssl);
		ERR_clear_error();
	}
	if (conn->peer_closed || shutdown(bufferevent_getfd(conn->bev), SHUT_WR) < 0) {
		conn_end(conn);
		return;
	}
	set_state(conn, AU_CONN_LINGER);
	evbuffer_drain(input, evbuffer_get_length(input));
	resume_reading(conn);
	set_deadline(conn, LINGER_MS);
}

static void
answer_is_out(struct au_http_conn *conn)
{
	if (!conn->keep_alive || conn->server->stopping) {
		start_linger(conn);
		return;
	}
	set_state(conn, AU_CONN_HEAD);
	conn->idle = true;
	resume_reading(conn);
	set_deadline(conn, conn->server->config.idle_timeout_ms);
}

static void
free_text(const void *data, size_t len, void *text)
{
	(void)data;
	(void)len;
	free(text);
}

static void
free_secret(const void *data, size_t len, void *text)
{
	au_wipe((char *)text, (size_t)((const char *)data - (char *)text) + len);
	free(text);
}

/*
 * A clear-text socket is tried at once: most answers then cost one system call and no turn of the loop.  What is left
 * belongs to the connection, and out is empty afterwards.
 */
static int
send_out(struct au_http_conn *conn, struct au_str *out, bool secret)
{
	struct evbuffer *waiting = bufferevent_get_output(conn->bev);
	evbuffer_ref_cleanup_cb done = secret ? free_secret : free_text;
	size_t len = out->len, sent = 0;
	char *text = au_str_take(out);

	if (conn->ssl == NULL && evbuffer_get_length(waiting) == 0) {
		ssize_t n = send(bufferevent_getfd(conn->bev), text, len, MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN && errno != EINTR) {
			done(text, len, text);
			return AU_EIO;
		}
		sent = n > 0 ? (size_t)n : 0;
	}
	if (sent < len && evbuffer_add_reference(waiting, text + sent, len - sent, done, text) == 0)
		return 0;
	done(text, len, text);
	return sent < len ? AU_EIO : 0;
}

static bool
is_head(const struct au_http_exchange *x)
{
	return x != NULL && x->head.method != NULL && strcmp(x->head.method, "HEAD") == 0;
}

static void
send_answer(struct au_http_conn *conn, struct au_http_answer *answer)
{
	struct au_str out = AU_STR_INIT;
	int rc;

	answer->server_name = conn->server->server_name;
	answer->close = !conn->keep_alive;
	au_http_answer_build(answer, au_clock_wall_ms(), &out);
	set_state(conn, AU_CONN_WRITE);
	rc = send_out(conn, &out, answer->secret);
	if (rc < 0)
		conn_end(conn);
	else if (evbuffer_get_length(bufferevent_get_output(conn->bev)) > 0)
		set_deadline(conn, conn->server->config.write_timeout_ms);
	else
		answer_is_out(conn);
}

void
au_http_conn_answer(struct au_http_conn *conn, struct au_http_answer *answer)
{
	struct bufferevent *bev = conn->bev;

	conn->keep_alive = conn->exchange->head.keep_alive && !conn->server->stopping && !conn->peer_closed &&
			   conn->generation == conn->server->generation;
	answer->head_only = is_head(conn->exchange);
	answer->request_id = conn->exchange->id;
	au_http_record_end(conn, conn->exchange, conn->exchange->id, answer->status, answer->len);
	conn->exchange = NULL;
	/* A request that waits in the buffer is not handled inside the reply of the one before. */
	if (!conn->working && evbuffer_get_length(bufferevent_get_input(bev)) > 0)
		bufferevent_trigger(bev, EV_READ, BEV_TRIG_IGNORE_WATERMARKS | BEV_TRIG_DEFER_CALLBACKS);
	send_answer(conn, answer);
}

/* An answer of our own making, after which the connection ends. */
static void
refuse(struct au_http_conn *conn, int status, const char *detail)
{
	const struct au_http_config *config = &conn->server->config;
	struct au_arena *arena = au_arena_new();
	char id[AU_HTTP_ID_SIZE];
	/* detail may live in the exchange, which goes first */
	struct au_http_answer answer = {
		.status = status, .content_type = "text/plain", .body = au_arena_strdup(arena, detail)
	};

	if (config->error_body != NULL)
		answer.body = config->error_body(arena, status, detail, &answer.content_type);
	answer.len = strlen(answer.body);
	answer.head_only = is_head(conn->exchange);
	if (conn->exchange != NULL && conn->exchange->id[0] != '\0')
		memcpy(id, conn->exchange->id, sizeof(id));
	else
		au_http_record_id(conn->server, id);
	answer.request_id = id;
	au_http_record_end(conn, conn->exchange, id, status, answer.len);
	au_http_exchange_free(conn->exchange);
	conn->exchange = NULL;
	conn->keep_alive = false;
	send_answer(conn, &answer);
	au_arena_free(arena);
}

/* ---- reading ---- */

static void
handle(struct au_http_conn *conn)
{
	struct au_http_exchange *x = conn->exchange;

	set_state(conn, AU_CONN_BUSY);
	event_del(conn->deadline);
	conn->server->handler(conn->server->ctx, x);
}

static size_t
body_limit(const struct au_http_conn *conn)
{
	const struct au_http_config *config = &conn->server->config;

	return config->body_limit != NULL ? config->body_limit(conn->server->ctx, conn->exchange) : config->max_body;
}

static void
start_body(struct au_http_conn *conn)
{
	const struct au_http_config *config = &conn->server->config;
	const struct au_http_head *head = &conn->exchange->head;
	size_t length = head->content_length > 0 ? (size_t)head->content_length : 0;

	if (length > body_limit(conn)) {
		refuse(conn, 413,
		    au_arena_printf(
			conn->exchange->arena, "the body has more than max_body (%zu) bytes", body_limit(conn)));
		return;
	}
	set_state(conn, AU_CONN_BODY);
	conn->chunk = (struct au_http_chunk){ 0 };
	if (head->chunked && conn->chunked_body == NULL)
		conn->chunked_body = evbuffer_new();
	if (length > config->max_head)
		set_read_limit(conn, length);
	set_deadline(conn, config->body_timeout_ms);
	if (head->expect_continue && evbuffer_get_length(bufferevent_get_input(conn->bev)) == 0)
		bufferevent_write(conn->bev, "HTTP/1.1 100 Continue\r\n\r\n", 25);
}

static void
take_exchange(struct au_http_conn *conn, const char *head, size_t len)
{
	struct au_err err = { 0 };
	int rc = au_http_exchange_new(conn, head, len, conn->server->config.max_headers, &conn->exchange, &err);

	evbuffer_drain(bufferevent_get_input(conn->bev), len);
	conn->scanned = 0;
	conn->idle = false;
	if (rc < 0)
		refuse(conn, err.http_status, err.text);
	else if (conn->exchange->head.chunked || conn->exchange->head.content_length > 0)
		start_body(conn);
	else
		handle(conn);
}

/* Each take_ function returns whether there may be more to do with what has arrived. */
static bool
take_head(struct au_http_conn *conn)
{
	struct evbuffer *input = bufferevent_get_input(conn->bev);
	size_t limit = conn->server->config.max_head, len, head_len;
	struct au_err err = { 0 };
	const char *data;
	int rc;

	/* One empty line before a request is forgiven (RFC 9112 section 2.2). */
	if (conn->scanned == 0 && evbuffer_get_length(input) >= 2 && memcmp(evbuffer_pullup(input, 2), "\r\n", 2) == 0)
		evbuffer_drain(input, 2);
	len = evbuffer_get_length(input) < limit ? evbuffer_get_length(input) : limit;
	if (len == 0 || (len == 1 && *evbuffer_pullup(input, 1) == '\r'))
		return false;
	data = (const char *)evbuffer_pullup(input, (ev_ssize_t)len);
	if ((rc = au_http_head_end(data, len, &conn->scanned, &head_len, &err)) < 0) {
		refuse(conn, err.http_status, err.text);
		return false;
	}
	if (rc == 1) {
		take_exchange(conn, data, head_len);
		return true;
	}
	if (len == limit)
		refuse(conn, 431, "the head is too large");
	else if (conn->idle)
		set_deadline(conn, conn->server->config.head_timeout_ms);
	conn->idle = false;
	return false;
}

/* Move len octets to the exchange. */
static void
take_whole_body(struct au_http_conn *conn, struct evbuffer *from, size_t len)
{
	struct au_http_exchange *x = conn->exchange;
	char *body = au_xmalloc(len + 1);

	evbuffer_remove(from, body, len);
	body[len] = '\0';
	au_arena_defer(x->arena, free, body);
	x->body = body;
	x->body_len = len;
	if (len > conn->server->config.max_head)
		set_read_limit(conn, conn->server->config.max_head);
	handle(conn);
}

static bool
take_chunks(struct au_http_conn *conn)
{
	struct evbuffer *input = bufferevent_get_input(conn->bev);
	struct au_err err = { 0 };
	int rc = 0;

	while (rc == 0 && evbuffer_get_length(input) > 0) {
		struct evbuffer_iovec piece;
		size_t used, data_len;
		const char *data;

		evbuffer_peek(input, -1, NULL, &piece, 1);
		rc = au_http_chunk_feed(
		    &conn->chunk, piece.iov_base, piece.iov_len, body_limit(conn), &used, &data, &data_len, &err);
		if (rc < 0) {
			refuse(conn, err.http_status, err.text);
			return false;
		}
		evbuffer_add(conn->chunked_body, data, data_len);
		evbuffer_drain(input, used);
	}
	if (rc == 1)
		take_whole_body(conn, conn->chunked_body, evbuffer_get_length(conn->chunked_body));
	return rc == 1;
}

static bool
take_body(struct au_http_conn *conn)
{
	struct evbuffer *input = bufferevent_get_input(conn->bev);
	size_t len;

	if (conn->exchange->head.chunked)
		return take_chunks(conn);
	len = (size_t)conn->exchange->head.content_length;
	if (evbuffer_get_length(input) < len)
		return false;
	take_whole_body(conn, input, len);
	return true;
}

static void
conn_work(struct au_http_conn *conn)
{
	bool more = true;

	conn->working = true;
	while (more) {
		struct evbuffer *input = bufferevent_get_input(conn->bev);

		more = false;
		if (conn->state == AU_CONN_HEAD)
			more = take_head(conn);
		else if (conn->state == AU_CONN_BODY)
			more = take_body(conn);
		else if (conn->state == AU_CONN_LINGER)
			evbuffer_drain(input, evbuffer_get_length(input));
	}
	conn->working = false;
	pause_reading(conn);
	if (conn->state == AU_CONN_DEAD)
		au_http_conn_free(conn);
}

/* ---- events ---- */

static void
on_read(struct bufferevent *bev, void *ctx)
{
	(void)bev;
	conn_work(ctx);
}

static void
on_write(struct bufferevent *bev, void *ctx)
{
	struct au_http_conn *conn = ctx;

	if (conn->state != AU_CONN_WRITE || evbuffer_get_length(bufferevent_get_output(bev)) > 0)
		return;
	conn->working = true;
	answer_is_out(conn);
	conn_work(conn);
}

static void
handshake_is_done(struct au_http_conn *conn)
{
	struct au_http_counters *counters = &conn->server->counters;

	conn->shaken = true;
	counters->handshakes++;
	counters->resumed += SSL_session_reused(conn->ssl) == 1;
	if (au_http_certificate_is_over(conn->ssl))
		conn_end(conn);
	else
		conn->certificate = au_http_certificate_new(conn->ssl);
}

static void
on_event(struct bufferevent *bev, short what, void *ctx)
{
	struct au_http_conn *conn = ctx;

	(void)bev;
	if ((what & BEV_EVENT_CONNECTED) != 0) {
		handshake_is_done(conn);
		return;
	}
	/* "I have said everything" is no reason to take the answer away; TLS knows no half-closed connections. */
	if ((what & BEV_EVENT_EOF) != 0 && conn->ssl == NULL &&
	    (conn->state == AU_CONN_BUSY || conn->state == AU_CONN_WRITE)) {
		conn->peer_closed = true;
		conn->keep_alive = false;
		return;
	}
	conn_end(conn);
}

static void
on_deadline(evutil_socket_t fd, short what, void *ctx)
{
	struct au_http_conn *conn = ctx;
	bool silent = evbuffer_get_length(bufferevent_get_input(conn->bev)) == 0;

	(void)fd;
	(void)what;
	if (conn->state == AU_CONN_BODY || (conn->state == AU_CONN_HEAD && !silent))
		refuse(conn, 408, "the request did not arrive in time");
	else
		conn_end(conn);
}

/* ---- beginning and end ---- */

void
au_http_conn_start(struct au_http_conn *conn)
{
	struct au_http_server *server = conn->server;

	LIST_INSERT_HEAD(&server->conns, conn, entry);
	server->conn_count++;
	conn->generation = server->generation;
	conn->deadline = evtimer_new(server->base, on_deadline, conn);
	set_state(conn, AU_CONN_HEAD);
	bufferevent_setcb(conn->bev, on_read, on_write, on_event, conn);
	set_read_limit(conn, server->config.max_head);
	set_deadline(conn, server->config.head_timeout_ms);
	bufferevent_enable(conn->bev, EV_READ | EV_WRITE);
}

void
au_http_conn_stop(struct au_http_conn *conn)
{
	conn->keep_alive = false;
	if (conn->state == AU_CONN_HEAD && evbuffer_get_length(bufferevent_get_input(conn->bev)) == 0)
		conn_end(conn);
}
