/* SPDX-License-Identifier: ISC */
/* One request and its answer: parsed body, caller, outcome, and how the answer leaves. */
#ifndef CALABRIO_SIM_EXCHANGE_H
#define CALABRIO_SIM_EXCHANGE_H

#include "../common/wire.h"
#include "tenant.h"

struct exchange {
	struct tenant *tenant;
	struct evhttp_request *request;
	struct event *timer; /* runs while the answer is held back */
	struct exchange *next, **place;
	const char *method, *path; /* owned by request */
	json_t *body;              /* NULL: none, or no JSON */
	bool body_broken;
	long long id;              /* the {id} of the path */
	struct session *session;   /* NULL before log-in */
	struct person *caller;
	bool faulty;
	struct fault fault; /* a copy without its text */
	int status;
	char *cookie; /* to be set; NULL = none */
	json_t *answer;
};

typedef int exchange_handler(struct exchange *exchange); /* returns the status; leaves the answer in exchange->answer */

struct exchange *exchange_new(struct tenant *tenant, struct evhttp_request *request);
void exchange_free(struct exchange *exchange);

int exchange_answer(struct exchange *exchange, json_t *answer); /* takes it over; 200 */
/* {"errorMessage", "requestId"}: the words name the rule, so that a test sees which one it was. */
int exchange_refuse(struct exchange *exchange, int status, const char *rule, const char *message);

/* Ways out; each frees the exchange. */
void exchange_send(struct exchange *exchange);
void exchange_send_html(struct exchange *exchange);
void exchange_send_half(struct exchange *exchange);
void exchange_drop(struct exchange *exchange, bool reset);

/* route.c: evhttp's general callback; the argument is the struct tenant. */
void route_request(struct evhttp_request *request, void *tenant);

exchange_handler login_handle, logout_handle;
exchange_handler person_list, person_create, person_get, person_put, status_get, status_put;
exchange_handler team_list, group_list, agent_list;
exchange_handler guide_roles, guide_views, guide_password, guide_delete;

/* Scaffolding, not part of the product. */
exchange_handler scaffold_state, scaffold_reset, scaffold_clock, scaffold_faults, scaffold_fault_add,
    scaffold_fault_clear, scaffold_switch, scaffold_login_check;
/* What a person does on the screens. */
exchange_handler screen_create, screen_edit, screen_password, screen_legacy, screen_activate, screen_team,
    screen_role_rename, screen_role_delete, screen_view_rename, screen_view_delete, screen_import, screen_sync;

#endif
