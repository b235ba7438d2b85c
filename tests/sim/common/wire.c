/* SPDX-License-Identifier: ISC */
/* The odd ways out exist for the fault script: half a body, no answer at all, a TCP reset. */
#include "wire.h"

#include "text.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* ---- in ----------------------------------------------------------------------- */

const char *
wire_method(struct evhttp_request *request)
{
	switch (evhttp_request_get_command(request)) {
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

const char *
wire_path(struct evhttp_request *request)
{
	const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(request));

	return path != NULL ? path : "/";
}

json_t *
wire_body(struct evhttp_request *request, bool *ret_broken)
{
	struct evbuffer *input = evhttp_request_get_input_buffer(request);
	size_t length = evbuffer_get_length(input);
	json_t *body = NULL;

	if (length > 0)
		body = json_loadb((const char *)evbuffer_pullup(input, -1), length, JSON_REJECT_DUPLICATES, NULL);
	*ret_broken = length > 0 && !json_is_object(body);
	return body;
}

/* ---- the log ------------------------------------------------------------------ */

static bool
is_secret(const char *const *secrets, const char *name)
{
	for (; *secrets != NULL; secrets++) {
		if (strcasecmp(*secrets, name) == 0)
			return true;
	}
	return false;
}

/* The parser limits depth, so this cannot run away. */
static void
mask(const char *const *secrets, json_t *value)
{
	const char *name;
	json_t *item;
	size_t index;
	void *next;

	json_object_foreach_safe (value, next, name, item) {
		if (is_secret(secrets, name))
			json_object_set_new(value, name, json_string("***"));
		else
			mask(secrets, item);
	}
	json_array_foreach (value, index, item)
		mask(secrets, item);
}

void
wire_log(FILE *log, const struct wire_line *line)
{
	char time[TIME_SIZE], *text;
	json_t *json, *body;

	if (log == NULL || strncmp(line->path, "/__sim/", 7) == 0) {
		json_decref(line->caller);
		return;
	}
	body = json_deep_copy(line->body);
	mask(line->secrets, body);
	json = json_pack("{s:s, s:s, s:s, s:i, s:o*, s:s*, s:o*}", "at", time_format(line->now_ms, time), "method",
	    line->method, "path", line->path, "status", line->status, "caller", line->caller, "way", line->way, "body",
	    body);
	text = need(json_dumps(json, JSON_COMPACT));
	fprintf(log, "%s\n", text);
	fflush(log);
	free(text);
	json_decref(json);
}

/* ---- ways out ------------------------------------------------------------------ */

void
wire_header(struct evhttp_request *request, const char *name, const char *value)
{
	evhttp_add_header(evhttp_request_get_output_headers(request), name, value);
}

static struct evbuffer *
answer_text(const json_t *answer)
{
	struct evbuffer *buffer = need(evbuffer_new());
	char *text = answer != NULL ? need(json_dumps(answer, JSON_COMPACT)) : NULL;

	if (text != NULL)
		evbuffer_add(buffer, text, strlen(text));
	free(text);
	return buffer;
}

void
wire_send(struct evhttp_request *request, int status, const json_t *answer, long long retry_after)
{
	struct evbuffer *buffer = answer_text(answer);
	char seconds[24];

	wire_header(request, "Content-Type", "application/json;charset=UTF-8");
	if (retry_after >= 0) {
		snprintf(seconds, sizeof(seconds), "%lld", retry_after);
		wire_header(request, "Retry-After", seconds);
	}
	evhttp_send_reply(request, status, NULL, buffer);
	evbuffer_free(buffer);
}

void
wire_send_html(struct evhttp_request *request, const char *title)
{
	struct evbuffer *buffer = need(evbuffer_new());

	wire_header(request, "Content-Type", "text/html;charset=UTF-8");
	evbuffer_add_printf(buffer, "<!DOCTYPE html><html><title>%s</title><p>Please log in.</html>\n", title);
	evhttp_send_reply(request, 200, NULL, buffer);
	evbuffer_free(buffer);
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
wire_send_half(struct evhttp_request *request, int status, const json_t *answer, struct event_base *base)
{
	struct evbuffer *whole, *half;
	char text[24];

	if (evhttp_request_get_connection(request) == NULL) {
		wire_drop(request, false, base);
		return;
	}
	whole = answer_text(answer);
	half = need(evbuffer_new());
	snprintf(text, sizeof(text), "%zu", evbuffer_get_length(whole));
	wire_header(request, "Content-Type", "application/json;charset=UTF-8");
	wire_header(request, "Content-Length", text);
	evbuffer_remove_buffer(whole, half, evbuffer_get_length(whole) / 2);
	evhttp_send_reply_start(request, status, NULL);
	evhttp_send_reply_chunk_with_cb(request, half, close_soon, base);
	evbuffer_free(whole);
	evbuffer_free(half);
}

/* Connecting a connected TCP socket to "no address" makes the kernel send a reset at once. */
static void
reset_connection(struct evhttp_connection *connection)
{
	struct sockaddr nowhere = { .sa_family = AF_UNSPEC };
	int fd = bufferevent_getfd(evhttp_connection_get_bufferevent(connection));

	if (connect(fd, &nowhere, sizeof(nowhere)) != 0)
		perror("reset");
}

void
wire_drop(struct evhttp_request *request, bool reset, struct event_base *base)
{
	struct evhttp_connection *connection = evhttp_request_get_connection(request);

	if (connection == NULL) {
		/* The client went away first; this only frees the request. */
		evhttp_send_reply(request, 503, NULL, NULL);
		return;
	}
	if (reset)
		reset_connection(connection);
	close_soon(connection, base);
}

/* ---- from a request to its way out --------------------------------------------- */

void
wire_finish(const struct wire_ways *ways, const struct fault *fault, void *exchange)
{
	enum fault_kind kind = fault != NULL ? fault->kind : FAULT_DELAY;
	bool refuses = kind == FAULT_STATUS || kind == FAULT_HTML;

	if (refuses ? fault->commit : kind != FAULT_DROP && kind != FAULT_RESET)
		ways->serve(exchange);
	switch (kind) {
	case FAULT_STATUS:
		ways->fail(exchange);
		ways->send(exchange);
		return;
	case FAULT_HTML:
		ways->send_html(exchange);
		return;
	case FAULT_DROP:
	case FAULT_DROP_AFTER_COMMIT:
	case FAULT_RESET:
		ways->drop(exchange, kind == FAULT_RESET);
		return;
	case FAULT_TRUNCATE:
		ways->send_half(exchange);
		return;
	case FAULT_DELAY:
		ways->send(exchange);
		return;
	}
}
