/* SPDX-License-Identifier: ISC */
/*
 * The order in which a request is judged: fault script, fail-safe mode, token, rate, permission, body, then its
 * handler.  Adding a call means adding a row.
 */
#include "route.h"

#include "../common/text.h"
#include "handlers.h"
#include "permission.h"

#include <stdlib.h>
#include <string.h>

#define OPEN 0x1u      /* no token needed */
#define SCAFFOLD 0x2u  /* not part of the product: no token, no fault, no latency, no rate */
#define IN_AAE11 0x4u  /* only there */
#define IN_A360 0x8u   /* only there */
#define NO_BODY 0x10u  /* a body is neither needed nor looked at */
#define LICENCES 0x20u /* works in fail-safe mode */

#define USERS "/v1/usermanagement/users"
#define ROLES "/v1/usermanagement/roles"

static const struct route {
	const char *method, *path; /* may end in "{id}" */
	unsigned flags, needs;
	exchange_handler *handle;
} routes[] = {
	{ "POST", "/v1/authentication", OPEN, 0, login_handle },
	{ "POST", "/v1/authentication/token", 0, 0, refresh_handle },
	{ "POST", USERS, 0, MAY_VIEW_USERS | MAY_CREATE_USERS, user_create },
	{ "POST", USERS "/list", 0, MAY_VIEW_USERS, user_list },
	{ "GET", USERS "/{id}", NO_BODY, MAY_VIEW_USERS, user_get },
	{ "PUT", USERS "/{id}", 0, MAY_VIEW_USERS | MAY_EDIT_USERS, user_put },
	{ "DELETE", USERS "/{id}", NO_BODY, MAY_VIEW_USERS | MAY_DELETE_USERS, user_delete },
	{ "POST", ROLES "/list", 0, MAY_VIEW_ROLES, role_list },
	{ "GET", ROLES "/{id}", NO_BODY, MAY_VIEW_ROLES, role_get },
	{ "POST", ROLES, 0, MAY_VIEW_ROLES | MAY_MANAGE_ROLES, role_create },
	{ "PUT", ROLES "/{id}", 0, MAY_VIEW_ROLES | MAY_MANAGE_ROLES, role_put },
	{ "DELETE", ROLES "/{id}", NO_BODY, MAY_VIEW_ROLES | MAY_MANAGE_ROLES, role_delete },
	{ "GET", "/v2/license", NO_BODY | IN_AAE11 | LICENCES, MAY_VIEW_LICENCES, licence_get },
	{ "POST", "/v2/license/product/list", IN_A360 | LICENCES, MAY_VIEW_LICENCES, licence_list },
	{ "GET", "/v2/license/details", NO_BODY | IN_A360 | LICENCES, MAY_VIEW_LICENCES, licence_details },

	{ "GET", "/__sim/state", SCAFFOLD | NO_BODY, 0, scaffold_state },
	{ "POST", "/__sim/reset", SCAFFOLD | NO_BODY, 0, scaffold_reset },
	{ "GET", "/__sim/clock", SCAFFOLD | NO_BODY, 0, scaffold_clock },
	{ "POST", "/__sim/clock", SCAFFOLD, 0, scaffold_clock_set },
	{ "GET", "/__sim/fault", SCAFFOLD | NO_BODY, 0, scaffold_faults },
	{ "POST", "/__sim/fault", SCAFFOLD, 0, scaffold_fault_add },
	{ "DELETE", "/__sim/fault", SCAFFOLD | NO_BODY, 0, scaffold_fault_clear },
	{ "POST", "/__sim/login-check", SCAFFOLD, 0, scaffold_login_check },
	{ "POST", "/__sim/switch", SCAFFOLD, 0, scaffold_switch },
	{ "POST", "/__sim/licence", SCAFFOLD, 0, scaffold_licence },
	{ "POST", "/__sim/console/api-key", SCAFFOLD, 0, console_api_key },
	{ "POST", "/__sim/console/user-edit", SCAFFOLD, 0, console_user_edit },
	{ "POST", "/__sim/console/user-create", SCAFFOLD, 0, console_user_create },
	{ "POST", "/__sim/console/user-delete", SCAFFOLD, 0, console_user_delete },
};
#define ROUTE_COUNT (sizeof(routes) / sizeof(routes[0]))

/* Whether the path is the row's; an {id} must be a number that the product could have given out. */
static bool
path_fits(const char *pattern, const char *path, long long *ret_id)
{
	size_t fixed = strcspn(pattern, "{");
	char *end;

	if (pattern[fixed] == '\0')
		return strcmp(pattern, path) == 0;
	if (strncmp(pattern, path, fixed) != 0 || path[fixed] < '0' || path[fixed] > '9')
		return false;
	*ret_id = strtoll(path + fixed, &end, 10);
	return *end == '\0';
}

static const struct route *
find_route(struct exchange *exchange)
{
	unsigned other = room_is_a360(exchange->room) ? IN_AAE11 : IN_A360;

	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		if (!(routes[i].flags & other) && strcmp(routes[i].method, exchange->method) == 0 &&
		    path_fits(routes[i].path, exchange->path, &exchange->id))
			return &routes[i];
	}
	return NULL;
}

static void
count_call(const struct exchange *exchange, const struct route *route)
{
	json_t *calls = exchange->room->calls;
	char name[128];

	snprintf(name, sizeof(name), "%s %s", exchange->method, route != NULL ? route->path : "(unknown)");
	json_object_set_new(calls, name, json_integer(json_integer_value(json_object_get(calls, name)) + 1));
}

/* Only the bare token in X-Authorization counts; a bearer token is none (seed document). */
static struct user *
find_caller(const struct exchange *exchange)
{
	const struct evkeyvalq *headers = evhttp_request_get_input_headers(exchange->request);
	const char *token = evhttp_find_header(headers, "X-Authorization");
	long long id;

	if (token == NULL)
		return NULL;
	id = session_user(&exchange->room->sessions, token, room_now(exchange->room));
	return id != 0 ? user_find(&exchange->room->users, id) : NULL;
}

static bool
within_rate(const struct exchange *exchange)
{
	const struct options *options = &exchange->room->options;
	struct evhttp_connection *connection = evhttp_request_get_connection(exchange->request);
	char caller[64], *address = NULL;
	ev_uint16_t port;

	if (!options->rate_limit)
		return true;
	if (connection != NULL)
		evhttp_connection_get_peer(connection, &address, &port);
	if (exchange->caller != NULL)
		snprintf(caller, sizeof(caller), "user %lld", exchange->caller->id);
	else
		snprintf(caller, sizeof(caller), "address %s", address != NULL ? address : "gone");
	return rate_take(
	    &exchange->room->rates, caller, options->rate_calls, options->rate_window_s, room_now(exchange->room));
}

static int
judge_product(struct exchange *exchange, const struct route *route)
{
	if (!(route->flags & OPEN)) {
		exchange->caller = find_caller(exchange);
		if (exchange->caller == NULL)
			return exchange_refuse(exchange, 401, "AA-R01", "a valid token is needed");
	}
	if (!within_rate(exchange))
		return exchange_refuse(exchange, 429, "A7", "too many calls");
	if (exchange->room->options.fail_safe && !(route->flags & (OPEN | LICENCES)))
		return exchange_refuse(exchange, 500, "AA-R21", "the Control Room is in fail-safe mode");
	if (route->needs != 0 && (room_permissions(exchange->room, exchange->caller) & route->needs) != route->needs)
		return exchange_refuse(exchange, 403, "AA-R02", "the caller may not do this");
	return 0;
}

static void
serve(void *context)
{
	struct exchange *exchange = context;
	const struct route *route = find_route(exchange);

	if (route == NULL)
		exchange->status = exchange_refuse(exchange, 404, "path", "no such call");
	else if (!(route->flags & SCAFFOLD))
		exchange->status = judge_product(exchange, route);
	if (exchange->status != 0)
		return;
	if (!(route->flags & NO_BODY) && (exchange->body == NULL || exchange->body_broken))
		exchange->status = exchange_refuse(exchange, 400, "body", "the body is no JSON object");
	else
		exchange->status = route->handle(exchange);
}

static void
fail(void *context)
{
	struct exchange *exchange = context;

	exchange->status = exchange_refuse(exchange, exchange->fault.status, "fault", "as the fault script says");
}

static void
send_whole(void *exchange)
{
	exchange_send(exchange);
}

static void
send_html(void *exchange)
{
	exchange_send_html(exchange);
}

static void
send_half(void *exchange)
{
	exchange_send_half(exchange);
}

static void
drop(void *exchange, bool reset)
{
	exchange_drop(exchange, reset);
}

static void
finish(struct exchange *exchange)
{
	static const struct wire_ways ways = { serve, fail, send_whole, send_html, send_half, drop };

	wire_finish(&ways, exchange->faulty ? &exchange->fault : NULL, exchange);
}

static void
held_back(evutil_socket_t fd, short what, void *exchange)
{
	(void)fd;
	(void)what;
	finish(exchange);
}

void
route_request(struct evhttp_request *request, void *context)
{
	struct room *room = context;
	struct exchange *exchange = exchange_new(room, request);
	const struct fault *fault = NULL;
	long long wait_ms = 0;

	if (strncmp(exchange->path, "/__sim/", 7) != 0) {
		count_call(exchange, find_route(exchange));
		fault = fault_strike(&room->faults, exchange->method, exchange->path);
		wait_ms = room->options.latency_ms;
	}
	if (fault != NULL) {
		exchange->faulty = true;
		exchange->fault = *fault;
		wait_ms += fault->ms;
	}
	if (wait_ms > 0) {
		struct timeval wait = { wait_ms / 1000, wait_ms % 1000 * 1000 };

		exchange->timer = need(evtimer_new(room->base, held_back, exchange));
		evtimer_add(exchange->timer, &wait);
	} else {
		finish(exchange);
	}
}
