/* SPDX-License-Identifier: ISC */
/* The odd ways out exist for the fault script: half a body, no answer at all, a TCP reset. */
#include "exchange.h"

#include "../control-room/text.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

static const char *const secret_members[] = { "password", "sessionId", NULL };

static const char *
method_name(enum evhttp_cmd_type type)
{
	switch (type) {
	case EVHTTP_REQ_GET:
		return "GET";
	case EVHTTP_REQ_POST:
		return "POST";
	case EVHTTP_REQ_PUT:
		return "PUT";
	case EVHTTP_REQ_DELETE:
		return "DELETE";
	default:
		return "OTHER";
	}
}

struct exchange *
exchange_new(struct tenant *tenant, struct evhttp_request *request)
{
	struct exchange *exchange = need(calloc(1, sizeof(*exchange)));
	struct evbuffer *input = evhttp_request_get_input_buffer(request);
	size_t length = evbuffer_get_length(input);
	const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(request));

	exchange->tenant = tenant;
	exchange->request = request;
	exchange->method = method_name(evhttp_request_get_command(request));
	exchange->path = path != NULL ? path : "/";
	if (length > 0)
		exchange->body =
		    json_loadb((const char *)evbuffer_pullup(input, -1), length, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(exchange->body)) {
		json_decref(exchange->body);
		exchange->body = NULL;
	}
	exchange->next = tenant->waiting;
	exchange->place = &tenant->waiting;
	if (exchange->next != NULL)
		exchange->next->place = &exchange->next;
	tenant->waiting = exchange;
	return exchange;
}

void
exchange_free(struct exchange *exchange)
{
	*exchange->place = exchange->next;
	if (exchange->next != NULL)
		exchange->next->place = exchange->place;
	if (exchange->timer != NULL)
		event_free(exchange->timer);
	json_decref(exchange->body);
	json_decref(exchange->answer);
	free(exchange->cookie);
	free(exchange);
}

int
exchange_answer(struct exchange *exchange, json_t *answer)
{
	json_decref(exchange->answer);
	exchange->answer = need(answer);
	return 200;
}

int
exchange_refuse(struct exchange *exchange, int status, const char *rule, const char *message)
{
	json_t *words = json_sprintf("%s: %s (%s)", tenant_word(exchange->tenant), message, rule);

	exchange_answer(exchange, json_pack("{s:o, s:s}", "errorMessage", words, "requestId", "sim-request"));
	return status;
}

/* ---- the log ------------------------------------------------------------------ */

static bool
is_secret(const char *name)
{
	for (size_t i = 0; secret_members[i] != NULL; i++) {
		if (strcasecmp(secret_members[i], name) == 0)
			return true;
	}
	return false;
}

static void
mask(json_t *value)
{
	const char *name;
	json_t *item;
	size_t index;
	void *next;

	json_object_foreach_safe (value, next, name, item) {
		if (is_secret(name))
			json_object_set_new(value, name, json_string("***"));
		else
			mask(item);
	}
	json_array_foreach (value, index, item)
		mask(item);
}

/* The answer is not logged at all, as it may hold a session. */
static void
log_request(const struct exchange *exchange, const char *way)
{
	char time[TIME_SIZE], *text;
	json_t *line, *body;

	if (exchange->tenant->log == NULL || strncmp(exchange->path, "/__sim/", 7) == 0)
		return;
	body = json_deep_copy(exchange->body);
	mask(body);
	line = json_pack("{s:s, s:s, s:s, s:i, s:I, s:s*, s:o*}", "at", time_format(tenant_now(exchange->tenant), time),
	    "method", exchange->method, "path", exchange->path, "status", exchange->status, "caller",
	    exchange->caller != NULL ? (json_int_t)exchange->caller->id : (json_int_t)0, "way", way, "body", body);
	text = need(json_dumps(line, JSON_COMPACT));
	fprintf(exchange->tenant->log, "%s\n", text);
	fflush(exchange->tenant->log);
	free(text);
	json_decref(line);
}

/* ---- ways out ------------------------------------------------------------------ */

static void
put_header(struct exchange *exchange, const char *name, const char *value)
{
	evhttp_add_header(evhttp_request_get_output_headers(exchange->request), name, value);
}

static struct evbuffer *
answer_text(const struct exchange *exchange)
{
	struct evbuffer *buffer = need(evbuffer_new());
	char *text = exchange->answer != NULL ? need(json_dumps(exchange->answer, JSON_COMPACT)) : NULL;

	if (text != NULL)
		evbuffer_add(buffer, text, strlen(text));
	free(text);
	return buffer;
}

void
exchange_send(struct exchange *exchange)
{
	struct evbuffer *buffer = answer_text(exchange);
	char text[128];

	log_request(exchange, NULL);
	put_header(exchange, "Content-Type", "application/json;charset=UTF-8");
	if (exchange->cookie != NULL) {
		snprintf(text, sizeof(text), "hazelcast.sessionId=%s; Path=/; HttpOnly", exchange->cookie);
		put_header(exchange, "Set-Cookie", text);
	}
	if (exchange->faulty && exchange->fault.retry_after >= 0) {
		snprintf(text, sizeof(text), "%lld", exchange->fault.retry_after);
		put_header(exchange, "Retry-After", text);
	}
	evhttp_send_reply(exchange->request, exchange->status, NULL, buffer);
	evbuffer_free(buffer);
	exchange_free(exchange);
}

void
exchange_send_html(struct exchange *exchange)
{
	struct evbuffer *buffer = need(evbuffer_new());

	log_request(exchange, "html");
	put_header(exchange, "Content-Type", "text/html;charset=UTF-8");
	evbuffer_add_printf(
	    buffer, "<!DOCTYPE html><html><title>%s</title><p>Please log in.</html>\n", tenant_word(exchange->tenant));
	evhttp_send_reply(exchange->request, 200, NULL, buffer);
	evbuffer_free(buffer);
	exchange_free(exchange);
}

static void
close_connection(evutil_socket_t fd, short what, void *connection)
{
	(void)fd;
	(void)what;
	evhttp_connection_free(connection);
}

/* evhttp still works on the connection when a callback of its own runs, so closing waits for the next turn. */
static void
close_soon(struct evhttp_connection *connection, void *base)
{
	const struct timeval now = { 0, 0 };

	event_base_once(base, -1, EV_TIMEOUT, close_connection, connection, &now);
}

void
exchange_send_half(struct exchange *exchange)
{
	struct evbuffer *whole = answer_text(exchange), *half = need(evbuffer_new());
	size_t length = evbuffer_get_length(whole);
	char text[24];

	log_request(exchange, "truncate");
	snprintf(text, sizeof(text), "%zu", length);
	put_header(exchange, "Content-Type", "application/json;charset=UTF-8");
	put_header(exchange, "Content-Length", text);
	evbuffer_remove_buffer(whole, half, length / 2);
	evhttp_send_reply_start(exchange->request, exchange->status, NULL);
	evhttp_send_reply_chunk_with_cb(exchange->request, half, close_soon, exchange->tenant->base);
	evbuffer_free(whole);
	evbuffer_free(half);
	exchange_free(exchange);
}

/* Connecting a connected TCP socket to "no address" makes the kernel send a reset at once. */
static void
reset_connection(struct evhttp_connection *connection)
{
	struct sockaddr nowhere = { .sa_family = AF_UNSPEC };
	int fd = bufferevent_getfd(evhttp_connection_get_bufferevent(connection));

	if (connect(fd, &nowhere, sizeof(nowhere)) != 0)
		perror("calabrio-sim: reset");
}

void
exchange_drop(struct exchange *exchange, bool reset)
{
	struct evhttp_connection *connection = evhttp_request_get_connection(exchange->request);

	log_request(exchange, reset ? "reset" : "drop");
	if (connection == NULL) {
		/* The client went away first; this only frees the request. */
		evhttp_send_reply(exchange->request, 503, NULL, NULL);
	} else {
		if (reset)
			reset_connection(connection);
		close_soon(connection, exchange->tenant->base);
	}
	exchange_free(exchange);
}
