/* SPDX-License-Identifier: ISC */
/* An exchange waits in a list of its tenant, as its answer may be held back; each way out logs it and ends it. */
#include "exchange.h"

#include "../common/text.h"

#include <stdlib.h>

struct exchange *
exchange_new(struct tenant *tenant, struct evhttp_request *request)
{
	struct exchange *exchange = need(calloc(1, sizeof(*exchange)));

	exchange->tenant = tenant;
	exchange->request = request;
	exchange->method = wire_method(request);
	exchange->path = wire_path(request);
	exchange->body = wire_body(request, &exchange->body_broken);
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

static void
log_request(const struct exchange *exchange, const char *way)
{
	static const char *const secrets[] = { "password", "sessionId", NULL };

	wire_log(exchange->tenant->log, &(struct wire_line){ .method = exchange->method,
					    .path = exchange->path,
					    .way = way,
					    .status = exchange->status,
					    .caller = json_integer(exchange->caller != NULL ? exchange->caller->id : 0),
					    .body = exchange->body,
					    .secrets = secrets,
					    .now_ms = tenant_now(exchange->tenant) });
}

void
exchange_send(struct exchange *exchange)
{
	char text[128];

	log_request(exchange, NULL);
	if (exchange->cookie != NULL) {
		snprintf(text, sizeof(text), "hazelcast.sessionId=%s; Path=/; HttpOnly", exchange->cookie);
		wire_header(exchange->request, "Set-Cookie", text);
	}
	wire_send(
	    exchange->request, exchange->status, exchange->answer, exchange->faulty ? exchange->fault.retry_after : -1);
	exchange_free(exchange);
}

void
exchange_send_html(struct exchange *exchange)
{
	log_request(exchange, "html");
	wire_send_html(exchange->request, tenant_word(exchange->tenant));
	exchange_free(exchange);
}

void
exchange_send_half(struct exchange *exchange)
{
	log_request(exchange, "truncate");
	wire_send_half(exchange->request, exchange->status, exchange->answer, exchange->tenant->base);
	exchange_free(exchange);
}

void
exchange_drop(struct exchange *exchange, bool reset)
{
	log_request(exchange, reset ? "reset" : "drop");
	wire_drop(exchange->request, reset, exchange->tenant->base);
	exchange_free(exchange);
}
