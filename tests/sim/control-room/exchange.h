/* SPDX-License-Identifier: ISC */
/* One request and its answer: parsed body, caller, outcome, and how the answer leaves. */
#ifndef CONTROL_ROOM_EXCHANGE_H
#define CONTROL_ROOM_EXCHANGE_H

#include "../common/wire.h"
#include "room.h"

struct exchange {
	struct room *room;
	struct evhttp_request *request;
	struct event *timer; /* runs while the answer is held back */
	struct exchange *next, **place;
	const char *method, *path; /* owned by request */
	json_t *body;              /* NULL: none, or no JSON */
	bool body_broken;
	long long id;        /* the {id} of the path */
	struct user *caller; /* NULL before login */
	bool faulty;
	struct fault fault; /* a copy without its text */
	int status;
	json_t *answer;
};

typedef int exchange_handler(struct exchange *exchange); /* returns the status; leaves the answer in exchange->answer */

struct exchange *exchange_new(struct room *room, struct evhttp_request *request);
void exchange_free(struct exchange *exchange);

/* Answers for handlers: `return exchange_answer(x, json)` and `return exchange_refuse(x, 400, "AA-R05", "...")`. */
int exchange_answer(struct exchange *exchange, json_t *answer);
int exchange_refuse(struct exchange *exchange, int status, const char *rule, const char *message);

/* Ways out; each frees the exchange. */
void exchange_send(struct exchange *exchange); /* status and answer, JSON */
void exchange_send_html(struct exchange *exchange);
void exchange_send_half(struct exchange *exchange);
void exchange_drop(struct exchange *exchange, bool reset);

#endif
