/* SPDX-License-Identifier: ISC */
/* An exchange waits in a list of its room, as its answer may be held back; each way out logs it and ends it. */
#include "exchange.h"

#include "../common/text.h"

#include <stdlib.h>

struct exchange *
exchange_new(struct room *room, struct evhttp_request *request)
{
	struct exchange *exchange = need(calloc(1, sizeof(*exchange)));

	exchange->room = room;
	exchange->request = request;
	exchange->method = wire_method(request);
	exchange->path = wire_path(request);
	exchange->body = wire_body(request, &exchange->body_broken);
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
log_request(const struct exchange *exchange, const char *way)
{
	static const char *const secrets[] = { "password", "apiKey", "token", "loginPassword", NULL };

	wire_log(exchange->room->log,
	    &(struct wire_line){ .method = exchange->method,
		.path = exchange->path,
		.way = way,
		.status = exchange->status,
		.caller = exchange->caller != NULL ? json_string(exchange->caller->username) : NULL,
		.body = exchange->body,
		.secrets = secrets,
		.now_ms = room_now(exchange->room) });
}

void
exchange_send(struct exchange *exchange)
{
	log_request(exchange, NULL);
	wire_send(
	    exchange->request, exchange->status, exchange->answer, exchange->faulty ? exchange->fault.retry_after : -1);
	exchange_free(exchange);
}

void
exchange_send_html(struct exchange *exchange)
{
	log_request(exchange, "html");
	wire_send_html(exchange->request, "Control Room");
	exchange_free(exchange);
}

void
exchange_send_half(struct exchange *exchange)
{
	log_request(exchange, "truncate");
	wire_send_half(exchange->request, exchange->status, exchange->answer, exchange->room->base);
	exchange_free(exchange);
}

void
exchange_drop(struct exchange *exchange, bool reset)
{
	log_request(exchange, reset ? "reset" : "drop");
	wire_drop(exchange->request, reset, exchange->room->base);
	exchange_free(exchange);
}
