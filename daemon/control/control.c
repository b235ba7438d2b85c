/* SPDX-License-Identifier: ISC */
/*
 * The socket itself is open to everybody on the machine; every request is
 * judged by who sent it before its path is looked at.
 */
#include "control/control.h"

#include "base/clock.h"
#include "base/log.h"
#include "control/request.h"
#include "control/role.h"
#include "control/route.h"
#include "model/saved_plan.h"
#include "settings/raw_json.h"

#include <string.h>

#define MODE 0666
#define DEPTH 4            /* of a request's body */
#define BODY (64 << 10)    /* bytes of it */
#define ENVELOPE (4 << 10) /* what stands around a saved plan */

static const char *
error_body(struct au_arena *arena, int status, const char *detail, const char **ret_type)
{
	(void)status;
	*ret_type = "application/json";
	return au_control_request_error_text(arena, au_code_name(AU_EINVAL), detail);
}

static enum au_role
role_of_peer(const struct au_control *control, struct au_http_exchange *x, uid_t *ret_uid)
{
	const gid_t *groups = NULL;
	size_t group_count = au_http_peer_groups(x, &groups);
	gid_t gid;

	*ret_uid = (uid_t)-1;
	return au_http_peer_uid(x, ret_uid, &gid) ? au_role_of(control->roles, *ret_uid, gid, groups, group_count)
						  : AU_ROLE_NONE;
}

size_t
au_control_plan_size(const struct au_control *control)
{
	return (size_t)au_values_num(control->world.settings->control, "plan_size");
}

static bool
is_import(const char *path)
{
	size_t len = strlen(path), tail = strlen(AU_ROUTE_IMPORT);

	return strncmp(path, AU_ROUTE_TARGETS, strlen(AU_ROUTE_TARGETS)) == 0 && len > tail &&
	       strcmp(path + len - tail, AU_ROUTE_IMPORT) == 0;
}

/* Only a saved plan or a list is large, and only of whom may bring it. */
static size_t
body_limit(void *ctx, struct au_http_exchange *x)
{
	const struct au_control *control = ctx;
	uid_t uid;

	if (role_of_peer(control, x, &uid) < AU_ROLE_OPERATOR)
		return BODY;
	if (is_import(au_http_path(x)))
		return (size_t)au_values_num(control->world.settings->control, "import_size") + ENVELOPE;
	return strcmp(au_http_path(x), AU_ROUTE_SAVED_PLAN) == 0 ? au_control_plan_size(control) + ENVELOPE : BODY;
}

/* People and scripts on this machine: small requests, few at a time. */
static const struct au_http_config http_config = {
	.max_head = 16 << 10,
	.max_body = BODY,
	.body_limit = body_limit,
	.max_headers = 64,
	.max_connections = 128,
	.max_per_peer = 32,
	.head_timeout_ms = 10 * 1000,
	.body_timeout_ms = 10 * 1000,
	.idle_timeout_ms = 60 * 1000,
	.write_timeout_ms = 60 * 1000,
	.error_body = error_body,
};

/* ---- from request to handler ---- */

static int
check_members(const struct au_route *route, const json_t *body, struct au_err *err)
{
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)body, name, value) {
		const char *const *member = route->members;
		while (member != NULL && *member != NULL && strcmp(*member, name) != 0)
			member++;
		if (member == NULL || *member == NULL)
			return au_fail(err, AU_EINVAL, "'%s': no such member", name);
	}
	return 0;
}

static int
depth_of(const struct au_route *route)
{
	if (strncmp(route->pattern, AU_ROUTE_TEMPLATES, strlen(AU_ROUTE_TEMPLATES)) == 0)
		return AU_RAW_JSON_DEPTH + 1;
	return strcmp(route->pattern, AU_ROUTE_SAVED_PLAN) == 0 ? AU_SAVED_PLAN_DEPTH + 1 : DEPTH;
}

static int
parse_body(const struct au_route *route, struct au_http_exchange *x, json_t **ret, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *body = NULL;
	size_t len;
	const char *text = au_http_body(x, &len);
	int rc = 0;

	if (len == 0)
		body = json_object();
	else
		rc = au_json_parse(text, len, depth_of(route), &body, err);
	if (rc == 0 && !json_is_object(body))
		rc = au_fail(err, AU_EINVAL, "body: expected an object");
	if (rc == 0)
		rc = check_members(route, body, err);
	if (rc < 0)
		return rc;
	*ret = json_incref(body);
	return 0;
}

static void
refuse(struct au_http_exchange *x, int status, const struct au_err *err)
{
	const char *text = au_control_request_error_text(au_http_arena(x), au_code_name(err->code), err->text);

	au_http_reply(x, status, "application/json", text, strlen(text));
}

/* Read what the route needs and hand over. */
static void
dispatch(struct au_control *control, struct au_http_exchange *x, uid_t uid, enum au_role role)
{
	struct au_arena *arena = au_http_arena(x);
	const char *params[AU_REQUEST_PARAMS] = { NULL }, *allow = NULL;
	const struct au_route *route = NULL;
	struct au_control_request *r;
	struct au_err err = { 0 };
	json_t *body = NULL;
	int rc = au_control_route_find(arena, au_http_method(x), au_http_path(x), &route, params, &allow, &err);

	if (rc == 0 && role < route->role)
		rc = au_fail(&err, AU_EPERM, "only operators may do that");
	if (rc == 0)
		rc = parse_body(route, x, &body, &err);
	if (rc < 0) {
		if (allow != NULL)
			au_http_set(x, "Allow", allow);
		refuse(x, rc == AU_ENOSUP ? 405 : rc == AU_ENOENT ? 404 : rc == AU_EPERM ? 403 : 400, &err);
		return;
	}
	r = au_xcalloc(1, sizeof(*r));
	r->control = control;
	r->x = x;
	r->arena = arena;
	memcpy(r->params, params, sizeof(params));
	r->body = body;
	r->role = role;
	r->actor = au_arena_printf(arena, "uid:%u", (unsigned)uid);
	r->actor_name = au_arena_strdup(arena, au_role_name(control->roles, uid));
	r->now_ms = au_clock_wall_ms();
	LIST_INSERT_HEAD(&control->requests, r, entry);
	route->handler(r);
}

static void
handle(void *ctx, struct au_http_exchange *x)
{
	struct au_control *control = ctx;
	struct au_err err = { 0 };
	uid_t uid;
	enum au_role role = role_of_peer(control, x, &uid);

	if (role == AU_ROLE_NONE) {
		au_fail(&err, AU_EPERM, "user %u is neither operator nor viewer (control.operators, control.viewers)",
		    (unsigned)uid);
		refuse(x, 403, &err);
		return;
	}
	dispatch(control, x, uid, role);
}

/* ---- beginning and end ---- */

static void
name_is_unknown(void *ctx, const char *option, const char *name)
{
	(void)ctx;
	au_log(AU_LOG_WARNING, NULL, "control.%s: there is no %s '%s'", option, name[0] == '@' ? "group" : "user",
	    name[0] == '@' ? name + 1 : name);
}

int
au_control_new(const struct au_control_world *world, struct au_control **ret, struct au_err *err)
{
	struct au_control *control = au_xcalloc(1, sizeof(*control));
	const char *path = au_values_str(world->settings->control, "socket");
	int rc = au_http_server_new(world->base, &http_config, handle, control, &control->server, err);

	if (rc == 0)
		rc = au_http_listen_unix(control->server, path, MODE, err);
	if (rc < 0) {
		au_http_server_free(control->server);
		free(control);
		return au_err_prefix(err, rc, "control socket");
	}
	control->world = *world;
	LIST_INIT(&control->requests);
	LIST_INIT(&control->trials);
	control->roles = au_roles_new(world->settings->control, name_is_unknown, NULL);
	*ret = control;
	return 0;
}

void
au_control_settings(struct au_control *control, const struct au_settings *settings, struct au_source *const *sources,
    size_t source_count)
{
	control->world.settings = settings;
	control->world.sources = sources;
	control->world.source_count = source_count;
	au_roles_free(control->roles);
	control->roles = au_roles_new(settings->control, name_is_unknown, NULL);
}

void
au_control_free(struct au_control *control)
{
	struct au_control_request *r;

	if (control == NULL)
		return;
	au_control_trials_end(control);
	while ((r = LIST_FIRST(&control->requests)) != NULL) {
		LIST_REMOVE(r, entry);
		r->control = NULL;
	}
	au_http_server_free(control->server);
	au_roles_free(control->roles);
	free(control);
}
