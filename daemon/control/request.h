/* SPDX-License-Identifier: ISC */
/* One request at the control socket, from its route to its answer. */
#ifndef CONTROL_REQUEST_H
#define CONTROL_REQUEST_H

#include "base/json.h"
#include "control/control.h"
#include "control/role.h"
#include "http/server.h"

#include <sys/queue.h>

#define AU_REQUEST_PARAMS 2

struct au_control_request;
struct au_control_trial;

struct au_control {
	struct au_control_world world;
	struct au_http_server *server;
	struct au_roles *roles;
	LIST_HEAD(, au_control_request) requests; /* those that wait for the store, the engine or a trial */
	LIST_HEAD(, au_control_trial) trials;     /* sources that are being looked at */
};

/* Bytes of a saved plan, at the most. */
size_t au_control_plan_size(const struct au_control *control);

/* What a handler does when its work is done; rc is 0. */
typedef void au_control_request_finish(struct au_control_request *r);

struct au_control_request {
	LIST_ENTRY(au_control_request) entry;
	struct au_control *control; /* NULL once it is gone: finish with what is here */
	struct au_http_exchange *x;
	struct au_arena *arena;                /* until the answer; the loop and the store use it in turn, never both */
	const char *params[AU_REQUEST_PARAMS]; /* of the path, decoded */
	json_t *body;                          /* an object, {} when nothing was sent; lent to no one */
	enum au_role role;                     /* of who asks */
	const char *actor;                     /* "uid:0" */
	const char *actor_name;                /* of that user; NULL = not known */
	long long now_ms;

	/* The work under way. */
	au_store_work *work; /* gets the request */
	au_control_request_finish *finish;
	json_t *result; /* made by the work; answered with 200 when finish is NULL */
	void *job;      /* of the handler, in the arena */
};

/* Run work in a transaction; then finish, or an error answer.  The handler must return after it. */
void au_control_request_read(
    struct au_control_request *r, enum au_read_kind kind, au_store_work *work, au_control_request_finish *finish);
void au_control_request_write(struct au_control_request *r, au_store_work *work, au_control_request_finish *finish);

/* Each of these answers and ends the request: r is gone. */
void au_control_request_answer(struct au_control_request *r, int status, json_t *body); /* takes the reference */
void au_control_request_text(struct au_control_request *r, const char *content_type, const char *text, size_t len);
/* {members..., "NAME": SECRET}, wiped everywhere behind itself.  Takes the reference to members. */
void au_control_request_secret(
    struct au_control_request *r, json_t *members, const char *name, const struct au_secret *secret);
void au_control_request_fail(struct au_control_request *r, const struct au_err *err);
void au_control_request_drop(struct au_control_request *r); /* 503: the daemon stops */

/* Parameters of the query.  They answer with an error and return AU_EINVAL when the value is not of that kind. */
int au_control_request_query(struct au_control_request *r, const char *name, const char **ret_or_null);
int au_control_request_number(
    struct au_control_request *r, const char *name, long long dflt, long long max, long long *ret);

/* {"error": {"code": "enoent", "text": "..."}} as text in the arena. */
const char *au_control_request_error_text(struct au_arena *arena, const char *code, const char *text);

#endif
