/* SPDX-License-Identifier: ISC */
/*
 * How requests come in and answers leave, the odd ways of the fault script with them.  Every way out takes the request
 * out of the caller's hands.
 */
#ifndef SIM_COMMON_WIRE_H
#define SIM_COMMON_WIRE_H

#include "fault.h"

#include <event2/event.h>
#include <event2/http.h>

#include <stdio.h>

const char *wire_method(struct evhttp_request *request); /* "GET"; "OTHER" for all but four */
const char *wire_path(struct evhttp_request *request);
/* The body's JSON, NULL when there is none; *ret_broken when it is no object.  The caller's. */
json_t *wire_body(struct evhttp_request *request, bool *ret_broken);
void wire_header(struct evhttp_request *request, const char *name, const char *value);

/* answer NULL: no body.  retry_after < 0: no such header. */
void wire_send(struct evhttp_request *request, int status, const json_t *answer, long long retry_after);
void wire_send_html(struct evhttp_request *request, const char *title);
void wire_send_half(struct evhttp_request *request, int status, const json_t *answer, struct event_base *base);
void wire_drop(struct evhttp_request *request, bool reset, struct event_base *base);

/*
 * One line of the request log: {"at", "method", "path", "status", "caller", "way", "body"}, with members of these names
 * masked at any depth.  The answer is not logged at all, as it may hold a token.  caller is taken over and may be NULL,
 * log as well; scaffolding is left out.
 */
struct wire_line {
	const char *method, *path, *way; /* way: how the answer left when not as usual; NULL otherwise */
	int status;
	json_t *caller;
	const json_t *body;
	const char *const *secrets; /* member names; ends with NULL */
	long long now_ms;
};
void wire_log(FILE *log, const struct wire_line *line);

/* What a request goes through, bent as its fault says; each gets the exchange, and the last three end it. */
struct wire_ways {
	void (*serve)(void *exchange);
	void (*fail)(void *exchange); /* answer with the fault's status, without serving */
	void (*send)(void *exchange);
	void (*send_html)(void *exchange);
	void (*send_half)(void *exchange);
	void (*drop)(void *exchange, bool reset);
};
void wire_finish(const struct wire_ways *ways, const struct fault *fault, void *exchange); /* fault NULL: none */

#endif
