/* SPDX-License-Identifier: ISC */
/* From the body of a Bulk request to operations; what is wrong inside one of them is kept as its refusal. */
#include "scim/bulk.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/rand.h"
#include "scim/route.h"
#include "scim/value.h"

#include <string.h>

#define BULK_URN "urn:ietf:params:scim:api:messages:2.0:BulkRequest"

struct reader {
	struct au_arena *arena;
	const struct au_catalog *catalog;
	const char *base_url;
	struct au_map *makers; /* bulkId -> its operation */
	struct au_map *last;   /* "TYPE ID" -> the last operation on that resource */
	struct au_bulk out;
};

/* ---- one operation ---- */

static int
refuse(struct au_bulk_op *op, enum au_fault_kind kind, const char *detail)
{
	op->refusal = kind;
	op->detail = detail;
	return AU_EINVAL;
}

/* A text member; *ret is NULL when it is absent or null. */
static int
read_text(struct au_bulk_op *op, const json_t *operation, const char *name, const char *problem, const char **ret)
{
	const json_t *value = au_value_member(operation, name);

	if (value != NULL && !json_is_null(value) && !json_is_string(value))
		return refuse(op, AU_FAULT_INVALID_SYNTAX, problem);
	*ret = json_string_value(value);
	return 0;
}

static int
read_method(struct au_bulk_op *op, const json_t *operation)
{
	static const char problem[] = "'method': expected POST, PUT, PATCH or DELETE";

	if (read_text(op, operation, "method", problem, &op->method) != 0)
		return AU_EINVAL;
	op->change = op->method != NULL ? au_change_find(op->method) : NULL;
	return op->change != NULL ? 0 : refuse(op, AU_FAULT_INVALID_SYNTAX, problem);
}

static bool
is_post(const struct au_bulk_op *op)
{
	return op->method != NULL && strcmp(op->method, "POST") == 0;
}

/* The id of a new resource is made here, so that others can refer to it. */
static int
make_id(struct reader *r, struct au_bulk_op *op)
{
	char id[AU_UUID_SIZE];

	if (!is_post(op))
		return 0;
	if (au_str_empty(op->bulk_id))
		return refuse(op, AU_FAULT_INVALID_SYNTAX, "a POST needs a 'bulkId'");
	if (au_map_has(r->makers, op->bulk_id))
		return refuse(op, AU_FAULT_INVALID_VALUE, "'bulkId': another operation has the same");
	op->id = au_arena_strdup(r->arena, au_uuid_at(au_clock_wall_ms(), id));
	au_map_put(r->makers, op->bulk_id, op);
	return 0;
}

static int
read_path(struct reader *r, struct au_bulk_op *op, const json_t *operation)
{
	struct au_fault fault = { AU_FAULT_NONE, "" };
	struct au_resource_path target;
	const char *path;

	if (read_text(op, operation, "path", "'path': expected a string", &path) != 0)
		return AU_EINVAL;
	if (path == NULL)
		return refuse(op, AU_FAULT_INVALID_SYNTAX, "'path' is required");
	if (au_route_resource(r->arena, r->catalog, r->base_url, path, &target, &fault) != 0)
		return refuse(op, fault.kind, au_arena_strdup(r->arena, fault.detail));
	if (is_post(op) != (target.id == NULL))
		return refuse(op, AU_FAULT_INVALID_VALUE,
		    is_post(op) ? "'path': a POST goes to an endpoint" : "'path': expected a resource");
	op->type = target.type;
	if (!is_post(op))
		op->id = target.id;
	return 0;
}

/* From here on the data lives without the body. */
static int
read_data(struct au_bulk_op *op, const json_t *operation)
{
	json_t *data = au_value_member(operation, "data");

	if (op->change->read == NULL)
		return 0;
	if (!json_is_object(data))
		return refuse(op, AU_FAULT_INVALID_SYNTAX, "'data': expected an object");
	op->data = json_incref(data);
	return 0;
}

static void
read_operation(struct reader *r, struct au_bulk_op *op, const json_t *operation)
{
	op->after = AU_BULK_NONE;
	/* the first that fails leaves its refusal */
	(void)(read_text(op, operation, "bulkId", "'bulkId': expected a string", &op->bulk_id) != 0 ||
	       read_method(op, operation) != 0 || make_id(r, op) != 0 ||
	       read_text(op, operation, "version", "'version': expected a string", &op->version) != 0 ||
	       read_path(r, op, operation) != 0 || read_data(op, operation) != 0);
}

/* ---- what they have to do with each other ---- */

static void
follow(struct reader *r, struct au_bulk_op *op)
{
	const char *key = au_arena_printf(r->arena, "%s %s", op->type->name, op->id);
	const struct au_bulk_op *before = au_map_get(r->last, key);

	/* whoever comes before the resource is made waits for it anyway */
	if (before != NULL && is_post(op))
		return;
	if (before != NULL)
		op->after = (size_t)(before - r->out.ops);
	au_map_put(r->last, key, op);
}

static void
connect_operation(struct reader *r, struct au_bulk_op *op)
{
	struct au_fault fault = { AU_FAULT_NONE, "" };

	/* the body goes before the operations do */
	op->method = au_arena_strdup(r->arena, op->method);
	op->bulk_id = au_arena_strdup(r->arena, op->bulk_id);
	op->version = au_arena_strdup(r->arena, op->version);
	if (op->refusal != AU_FAULT_NONE)
		return;
	if (au_bulk_resolve(r->arena, &r->out, r->makers, op, &fault) != 0)
		refuse(op, fault.kind, au_arena_strdup(r->arena, fault.detail));
	else
		follow(r, op);
}

/* ---- the message ---- */

static int
check_schemas(const json_t *body, const struct au_profile *profile, struct au_fault *fault)
{
	const json_t *schemas = au_value_member(body, "schemas"), *uri;
	size_t i;

	if ((schemas == NULL || json_is_null(schemas)) && au_profile_has(profile, AU_QUIRK_NO_SCHEMAS))
		return 0;
	json_array_foreach ((json_t *)schemas, i, uri)
		if (json_is_string(uri) && au_strcaseeq(json_string_value(uri), BULK_URN))
			return 0;
	return au_fault_set(fault, AU_FAULT_INVALID_SYNTAX, "'schemas': expected '" BULK_URN "'");
}

static int
read_limit(const json_t *body, size_t *ret, struct au_fault *fault)
{
	const json_t *value = au_value_member(body, "failOnErrors");

	*ret = AU_BULK_NONE;
	if (value == NULL || json_is_null(value))
		return 0;
	if (!json_is_integer(value) || json_integer_value(value) < 1)
		return au_fault_set(fault, AU_FAULT_INVALID_VALUE, "'failOnErrors': expected a positive integer");
	*ret = (size_t)json_integer_value(value);
	return 0;
}

static int
check_operations(const json_t *operations, size_t max_operations, struct au_fault *fault)
{
	const json_t *operation;
	size_t i;

	if (!json_is_array(operations) || json_array_size(operations) == 0)
		return au_fault_set(
		    fault, AU_FAULT_INVALID_SYNTAX, "'Operations': expected an array that is not empty");
	if (json_array_size(operations) > max_operations)
		return au_fault_set(fault, AU_FAULT_TOO_LARGE, "%zu operations are more than maxOperations (%zu)",
		    json_array_size(operations), max_operations);
	json_array_foreach ((json_t *)operations, i, operation)
		if (!json_is_object(operation))
			return au_fault_set(fault, AU_FAULT_INVALID_SYNTAX, "'Operations': expected objects");
	return 0;
}

static void
read_operations(struct reader *r, const json_t *operations)
{
	struct au_bulk *out = &r->out;

	out->count = json_array_size(operations);
	out->ops = au_arena_alloc(r->arena, out->count * sizeof *out->ops);
	for (size_t i = 0; i < out->count; i++)
		read_operation(r, &out->ops[i], json_array_get(operations, i));
	for (size_t i = 0; i < out->count; i++)
		connect_operation(r, &out->ops[i]);
}

int
au_bulk_read(struct au_arena *arena, const struct au_catalog *catalog, const struct au_profile *profile,
    const char *base_url, size_t max_operations, json_t *body, struct au_bulk *ret, struct au_fault *fault)
{
	struct reader r = { .arena = arena, .catalog = catalog, .base_url = base_url };
	const json_t *operations;

	if (!json_is_object(body))
		return au_fault_set(fault, AU_FAULT_INVALID_SYNTAX, "body: expected a JSON object");
	operations = au_value_member(body, "Operations");
	if (check_schemas(body, profile, fault) != 0 || read_limit(body, &r.out.max_errors, fault) != 0 ||
	    check_operations(operations, max_operations, fault) != 0)
		return AU_EINVAL;
	r.makers = au_map_new();
	r.last = au_map_new();
	read_operations(&r, operations);
	au_map_free(r.makers, NULL);
	au_map_free(r.last, NULL);
	au_bulk_order(arena, &r.out);
	*ret = r.out;
	return 0;
}

void
au_bulk_forget(struct au_bulk_op *op)
{
	if (op->data != NULL)
		au_value_wipe(op->data);
	au_json_decrefp(&op->data);
	op->data = NULL;
}

void
au_bulk_done(struct au_bulk *bulk)
{
	for (size_t i = 0; i < bulk->count; i++) {
		au_bulk_forget(&bulk->ops[i]);
		free(bulk->ops[i].result);
		bulk->ops[i].result = NULL;
	}
}
