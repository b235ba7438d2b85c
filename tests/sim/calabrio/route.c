/* SPDX-License-Identifier: ISC */
/* The order in which a request is judged: fault script, session, permission, body, then its handler. */
#include "../common/text.h"
#include "exchange.h"

#include <event2/buffer.h>

#include <stdlib.h>
#include <string.h>

#define OPEN 0x1u     /* no session needed */
#define SCAFFOLD 0x2u /* not part of the product: no session, no fault, no latency */
#define NO_BODY 0x4u  /* a body is neither needed nor looked at */
#define GUIDE 0x8u    /* only with --guide */

#define ORG "/api/rest/org/common"

static const struct route {
	const char *method, *path; /* may hold one "{id}" */
	unsigned flags;
	exchange_handler *handle;
} routes[] = {
	{ "POST", "/api/rest/authorize", OPEN, login_handle },
	{ "DELETE", "/api/rest/authorize", NO_BODY, logout_handle },
	{ "GET", ORG "/person/permission/ViewOrg", NO_BODY, person_list },
	{ "POST", ORG "/person", 0, person_create },
	{ "GET", ORG "/person/{id}", NO_BODY, person_get },
	{ "PUT", ORG "/person/{id}", 0, person_put },
	{ "GET", ORG "/person/{id}/status", NO_BODY, status_get },
	{ "PUT", ORG "/person/{id}/status", 0, status_put },
	{ "GET", ORG "/team/permission/ViewOrg", NO_BODY, team_list },
	{ "GET", ORG "/group/permission/ViewOrg", NO_BODY, group_list },
	{ "GET", ORG "/agents/for/team/{id}", NO_BODY, agent_list },
	{ "GET", ORG "/guide/roles", NO_BODY | GUIDE, guide_roles },
	{ "GET", ORG "/guide/views", NO_BODY | GUIDE, guide_views },
	{ "PUT", ORG "/guide/person/{id}/password", GUIDE, guide_password },
	{ "DELETE", ORG "/guide/person/{id}", NO_BODY | GUIDE, guide_delete },

	{ "GET", "/__sim/state", SCAFFOLD | NO_BODY, scaffold_state },
	{ "POST", "/__sim/reset", SCAFFOLD | NO_BODY, scaffold_reset },
	{ "POST", "/__sim/clock", SCAFFOLD, scaffold_clock },
	{ "GET", "/__sim/fault", SCAFFOLD | NO_BODY, scaffold_faults },
	{ "POST", "/__sim/fault", SCAFFOLD, scaffold_fault_add },
	{ "DELETE", "/__sim/fault", SCAFFOLD | NO_BODY, scaffold_fault_clear },
	{ "POST", "/__sim/switch", SCAFFOLD, scaffold_switch },
	{ "POST", "/__sim/login-check", SCAFFOLD, scaffold_login_check },
	{ "POST", "/__sim/ui/user-create", SCAFFOLD, screen_create },
	{ "POST", "/__sim/ui/user-edit", SCAFFOLD, screen_edit },
	{ "POST", "/__sim/ui/password", SCAFFOLD, screen_password },
	{ "POST", "/__sim/ui/legacy-api", SCAFFOLD, screen_legacy },
	{ "POST", "/__sim/ui/activate", SCAFFOLD, screen_activate },
	{ "POST", "/__sim/ui/team-create", SCAFFOLD, screen_team },
	{ "POST", "/__sim/ui/role-rename", SCAFFOLD, screen_role_rename },
	{ "POST", "/__sim/ui/role-delete", SCAFFOLD, screen_role_delete },
	{ "POST", "/__sim/ui/view-rename", SCAFFOLD, screen_view_rename },
	{ "POST", "/__sim/ui/view-delete", SCAFFOLD, screen_view_delete },
	{ "POST", "/__sim/ui/import", SCAFFOLD, screen_import },
	{ "POST", "/__sim/ui/sync", SCAFFOLD, screen_sync },
};
#define ROUTE_COUNT (sizeof(routes) / sizeof(routes[0]))

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
	return strcmp(end, pattern + fixed + strlen("{id}")) == 0;
}

static const struct route *
find_route(struct exchange *exchange)
{
	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		if (strcmp(routes[i].method, exchange->method) == 0 &&
		    path_fits(routes[i].path, exchange->path, &exchange->id) &&
		    (!(routes[i].flags & GUIDE) || exchange->tenant->options.guide))
			return &routes[i];
	}
	return NULL;
}

static void
count_call(const struct exchange *exchange, const struct route *route)
{
	json_t *calls = exchange->tenant->calls;
	char name[128];

	snprintf(name, sizeof(name), "%s %s", exchange->method, route != NULL ? route->path : "(unknown)");
	json_object_set_new(calls, name, json_integer(json_integer_value(json_object_get(calls, name)) + 1));
}

/* The session is a cookie, and nothing else. */
static bool
find_caller(struct exchange *exchange)
{
	static const char name[] = "hazelcast.sessionId=";
	const char *cookie = evhttp_find_header(evhttp_request_get_input_headers(exchange->request), "Cookie");
	char id[64];

	cookie = cookie != NULL ? strstr(cookie, name) : NULL;
	if (cookie == NULL)
		return false;
	snprintf(id, sizeof(id), "%.*s", (int)strcspn(cookie + sizeof(name) - 1, "; "), cookie + sizeof(name) - 1);
	exchange->session = session_find(exchange->tenant, id);
	if (exchange->session != NULL)
		exchange->caller = person_find(exchange->tenant, exchange->session->person_id);
	return exchange->caller != NULL;
}

/* Agents see nothing of the organisation; supervisors and others may read. */
static bool
may_view(const struct exchange *exchange)
{
	const json_t *role, *roles = json_object_get(exchange->caller->body, "roles");
	size_t i;

	json_array_foreach (roles, i, role) {
		if (json_integer_value(json_object_get(role, "id")) != ROLE_AGENT)
			return true;
	}
	return false;
}

static void
serve(void *context)
{
	struct exchange *exchange = context;
	const struct route *route = find_route(exchange);

	if (route == NULL)
		exchange->status = exchange_refuse(exchange, 404, "path", "there is no such call");
	else if (!(route->flags & (OPEN | SCAFFOLD)) && !find_caller(exchange))
		exchange->status = exchange_refuse(
		    exchange, (int)exchange->tenant->options.dead_status, "session", "a session that lives is needed");
	else if (!(route->flags & (OPEN | SCAFFOLD)) && route->handle != logout_handle && !may_view(exchange))
		exchange->status = exchange_refuse(exchange, 403, "CA-R01", "the caller may not do this");
	else if (!(route->flags & NO_BODY) && (exchange->body == NULL || exchange->body_broken))
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
	struct tenant *tenant = context;
	struct exchange *exchange = exchange_new(tenant, request);
	const struct fault *fault = NULL;
	long long wait_ms = 0;

	if (strncmp(exchange->path, "/__sim/", 7) != 0) {
		count_call(exchange, find_route(exchange));
		fault = fault_strike(&tenant->faults, exchange->method, exchange->path);
		wait_ms = tenant->options.latency_ms;
	}
	if (fault != NULL) {
		exchange->faulty = true;
		exchange->fault = *fault;
		wait_ms += fault->ms;
	}
	if (wait_ms > 0) {
		struct timeval wait = { wait_ms / 1000, wait_ms % 1000 * 1000 };

		exchange->timer = need(evtimer_new(tenant->base, held_back, exchange));
		evtimer_add(exchange->timer, &wait);
	} else {
		finish(exchange);
	}
}
