/* SPDX-License-Identifier: ISC */
/* The odd ways out exist for the fault script: half a body, no answer at all, a TCP reset. */
#include "exchange.h"

#include "request_log.h"
#include "text.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

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
exchange_new(struct room *room, struct evhttp_request *request)
{
	struct exchange *exchange = need(calloc(1, sizeof(*exchange)));
	struct evbuffer *input = evhttp_request_get_input_buffer(request);
	size_t length = evbuffer_get_length(input);
	const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(request));

	exchange->room = room;
	exchange->request = request;
	exchange->method = method_name(evhttp_request_get_command(request));
	exchange->path = path != NULL ? path : "/";
	if (length > 0) {
		exchange->body =
		    json_loadb((const char *)evbuffer_pullup(input, -1), length, JSON_REJECT_DUPLICATES, NULL);
		exchange->body_broken = !json_is_object(exchange->body);
	}
	exchange->next = room->waiting;
	exchange->place = &room->waiting;
	if (exchange->next != NULL)
		exchange->next->place = &exchange->next;
	room->waiting = exchange;
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
	char code[64];

	snprintf(code, sizeof(code), "sim.%s", rule);
	exchange_answer(exchange, json_pack("{s:s, s:s, s:s}", "code", code, "message", message, "details", rule));
	return status;
}

static void
put_header(struct exchange *exchange, const char *name, const char *value)
{
	evhttp_add_header(evhttp_request_get_output_headers(exchange->request), name, value);
}

static struct evbuffer *
answer_text(const struct exchange *exchange)
{
	struct evbuffer *buffer = need(evbuffer_new());
	char *text = need(json_dumps(exchange->answer, JSON_COMPACT));

	evbuffer_add(buffer, text, strlen(text));
	free(text);
	return buffer;
}

void
exchange_send(struct exchange *exchange)
{
	struct evbuffer *buffer = answer_text(exchange);

	request_log(exchange, NULL);
	put_header(exchange, "Content-Type", "application/json;charset=UTF-8");
	if (exchange->faulty && exchange->fault.retry_after >= 0) {
		char seconds[24];

		snprintf(seconds, sizeof(seconds), "%lld", exchange->fault.retry_after);
		put_header(exchange, "Retry-After", seconds);
	}
	evhttp_send_reply(exchange->request, exchange->status, NULL, buffer);
	evbuffer_free(buffer);
	exchange_free(exchange);
}

void
exchange_send_html(struct exchange *exchange)
{
	struct evbuffer *buffer = need(evbuffer_new());

	request_log(exchange, "html");
	put_header(exchange, "Content-Type", "text/html;charset=UTF-8");
	evbuffer_add_printf(buffer, "<!DOCTYPE html><html><title>Control Room</title><p>Please log in.</html>\n");
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

	if (evhttp_request_get_connection(exchange->request) == NULL) {
		exchange_drop(exchange, false);
		evbuffer_free(whole);
		evbuffer_free(half);
		return;
	}
	request_log(exchange, "truncate");
	snprintf(text, sizeof(text), "%zu", length);
	put_header(exchange, "Content-Type", "application/json;charset=UTF-8");
	put_header(exchange, "Content-Length", text);
	evbuffer_remove_buffer(whole, half, length / 2);
	evhttp_send_reply_start(exchange->request, exchange->status, NULL);
	evhttp_send_reply_chunk_with_cb(exchange->request, half, close_soon, exchange->room->base);
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
		perror("control-room-sim: reset");
}

void
exchange_drop(struct exchange *exchange, bool reset)
{
	struct evhttp_connection *connection = evhttp_request_get_connection(exchange->request);

	request_log(exchange, reset ? "reset" : "drop");
	if (connection == NULL) {
		/* The client went away first; this only frees the request. */
		evhttp_send_reply(exchange->request, 503, NULL, NULL);
	} else {
		if (reset)
			reset_connection(connection);
		close_soon(connection, exchange->room->base);
	}
	exchange_free(exchange);
}
