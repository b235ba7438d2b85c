/* SPDX-License-Identifier: ISC */
/*
 * Reading a PATCH body.  Whatever shape a client chose (no path, a whole complex value, an extension as an object), it
 * ends as changes of single attributes; so applying them knows only a handful of cases.
 */
#include "scim/patch.h"

#include "base/json.h"
#include "scim/document.h"
#include "scim/message.h"
#include "scim/value.h"

#include <string.h>

#define PATCH_URN "urn:ietf:params:scim:api:messages:2.0:PatchOp"

struct reader {
	struct au_arena *arena;
	const struct au_resource_type *type;
	const struct au_patch_limits *limits;
	const struct au_profile *profile;
	struct au_patch out;
	size_t change_cap, member_cap, values;
	struct au_fault *fault;
};

/* How a change was asked for: by a path, or by a name inside a value. */
enum manner { BY_PATH, BY_NAME };

static int read_target(
    struct reader *r, enum au_patch_op op, const struct au_patch_path *target, const json_t *value, enum manner manner);

/* ---- growing lists ---- */

static void *
grown(struct reader *r, void *old, size_t count, size_t *cap, size_t size)
{
	void *bigger;

	if (count < *cap)
		return old;
	*cap = *cap == 0 ? 8 : *cap * 2;
	bigger = au_arena_alloc(r->arena, *cap * size);
	if (count > 0)
		memcpy(bigger, old, count * size);
	return bigger;
}

/* Takes over the reference to value. */
static int
add_change(struct reader *r, enum au_patch_op op, const struct au_patch_path *target, json_t *value, bool element)
{
	struct au_patch *out = &r->out;

	if (value != NULL)
		au_json_in_arena(r->arena, value);
	r->values += 1 + json_array_size(value);
	if (r->values > 10 * r->limits->max_operations)
		return au_fault_set(r->fault, AU_FAULT_TOO_LARGE, "more than %zu values in one request",
		    10 * r->limits->max_operations);
	out->changes = grown(r, out->changes, out->change_count, &r->change_cap, sizeof *out->changes);
	out->changes[out->change_count++] =
	    (struct au_patch_change){ .op = op, .target = *target, .value = value, .element = element };
	return 0;
}

/* ---- members ---- */

/* Takes over the reference to elements. */
static int
add_members(struct reader *r, enum au_member_op op, json_t *elements, const struct au_filter *filter)
{
	struct au_patch *out = &r->out;
	struct au_member_change *last = out->member_count > 0 ? &out->members[out->member_count - 1] : NULL;

	if (elements != NULL)
		au_json_in_arena(r->arena, elements);
	if (op == AU_MEMBERS_ADD && json_array_size(elements) == 0)
		return 0;
	if (op == AU_MEMBERS_ADD && last != NULL && last->op == AU_MEMBERS_REPLACE) {
		/* "remove all, then add all" is a replacement, and may turn out to change nothing */
		json_array_extend(last->elements, elements);
		return 0;
	}
	out->members = grown(r, out->members, out->member_count, &r->member_cap, sizeof *out->members);
	out->members[out->member_count++] =
	    (struct au_member_change){ .op = op, .elements = elements, .filter = filter };
	return 0;
}

static json_t *
members_of_values(json_t *values)
{
	json_t *members = json_array(), *value;
	size_t i;

	json_array_foreach (values, i, value)
		json_array_append_new(members, json_pack("{sO}", "value", value));
	json_decref(values);
	return members;
}

static int
remove_members_by_filter(struct reader *r, const struct au_filter *filter)
{
	json_t *values = au_filter_values(filter);

	if (values == NULL)
		return add_members(r, AU_MEMBERS_MATCHING, NULL, filter);
	return add_members(r, AU_MEMBERS_REMOVE, members_of_values(values), NULL);
}

static int
add_members_by_filter(struct reader *r, const struct au_attr *attr, const struct au_filter *filter)
{
	AU_CLEANUP(au_json_decrefp) json_t *element = au_filter_element(filter);
	json_t *members;

	if (json_object_get(element, "value") == NULL)
		return au_fault_set(
		    r->fault, AU_FAULT_NO_TARGET, "attribute '%s': the filter names no value to add", attr->name);
	if (au_check_members(attr, element, r->profile, &members, r->fault) != 0)
		return AU_EINVAL;
	return add_members(r, AU_MEMBERS_ADD, members, NULL);
}

/* Without the habit of naming what goes in the value, it would mean all: nobody who sends one means that. */
static int
check_listed(struct reader *r, const struct au_attr *attr, const json_t *value)
{
	if (value == NULL || json_is_null(value) || au_profile_has(r->profile, AU_QUIRK_LISTED_REMOVAL))
		return 0;
	return au_fault_set(
	    r->fault, AU_FAULT_INVALID_SYNTAX, "attribute '%s': a removal has a path and no value", attr->name);
}

static int
read_members(struct reader *r, enum au_patch_op op, const struct au_patch_path *target, const json_t *value)
{
	const struct au_attr *attr = target->path.attr;
	json_t *members;

	r->out.member_attr = attr;
	if (op == AU_PATCH_REMOVE && check_listed(r, attr, value) != 0)
		return AU_EINVAL;
	if (target->path.sub != NULL || (target->filter != NULL && op == AU_PATCH_REPLACE))
		return au_fault_set(r->fault, AU_FAULT_MUTABILITY,
		    "attribute '%s': elements are added and removed as a whole", attr->name);
	if (target->filter != NULL)
		return op == AU_PATCH_REMOVE ? remove_members_by_filter(r, target->filter)
					     : add_members_by_filter(r, attr, target->filter);
	if (au_check_members(attr, value, r->profile, &members, r->fault) != 0)
		return AU_EINVAL;
	if (op == AU_PATCH_ADD)
		return add_members(r, AU_MEMBERS_ADD, members, NULL);
	/* Entra names the members to remove in the value; without any, all go (RFC 7644 section 3.5.2.2). */
	if (op == AU_PATCH_REMOVE && json_array_size(members) > 0)
		return add_members(r, AU_MEMBERS_REMOVE, members, NULL);
	return add_members(r, AU_MEMBERS_REPLACE, members, NULL);
}

/* ---- attributes of the document ---- */

static const struct au_attr *
row_of(const struct au_patch_path *target)
{
	return target->path.sub != NULL ? target->path.sub : target->path.attr;
}

static int
required(struct reader *r, const struct au_attr *attr, enum au_fault_kind kind)
{
	return au_fault_set(r->fault, kind, "attribute '%s' is required", attr->name);
}

static int
read_removal(struct reader *r, const struct au_patch_path *target, const json_t *value)
{
	const struct au_attr *attr = target->path.attr;
	json_t *listed = NULL;

	if (row_of(target)->required && target->filter == NULL)
		return required(r, row_of(target), AU_FAULT_MUTABILITY);
	if (check_listed(r, attr, value) != 0)
		return AU_EINVAL;
	if (attr->multi && target->filter == NULL && target->path.sub == NULL && value != NULL &&
	    au_value_check(attr, value, r->profile, AU_VALUE_PATCH, &listed, r->fault) != 0)
		return AU_EINVAL;
	return add_change(r, AU_PATCH_REMOVE, target, listed, false);
}

/* A value that means "unassigned": what was there goes; adding nothing to a list changes nothing. */
static int
read_nothing(struct reader *r, enum au_patch_op op, const struct au_patch_path *target)
{
	if (row_of(target)->required)
		return required(r, row_of(target), AU_FAULT_INVALID_VALUE);
	if (op == AU_PATCH_ADD && row_of(target)->multi)
		return 0;
	return add_change(r, AU_PATCH_REMOVE, target, NULL, false);
}

static int
read_element(struct reader *r, enum au_patch_op op, const struct au_patch_path *target, const json_t *value)
{
	json_t *checked;

	if (!au_profile_has(r->profile, AU_QUIRK_ELEMENT_PATHS))
		return au_fault_set(r->fault, AU_FAULT_INVALID_PATH,
		    "attribute '%s': the path names no sub-attribute behind the filter", target->path.attr->name);
	if (json_is_array(value) && json_array_size(value) == 1)
		value = json_array_get(value, 0);
	if (au_value_check_element(target->path.attr, value, r->profile, &checked, r->fault) != 0)
		return AU_EINVAL;
	return checked != NULL ? add_change(r, op, target, checked, true) : read_nothing(r, op, target);
}

static int
read_list_or_single(struct reader *r, enum au_patch_op op, const struct au_patch_path *target, const json_t *value)
{
	json_t *checked;

	if (au_value_check(row_of(target), value, r->profile, AU_VALUE_PATCH, &checked, r->fault) != 0)
		return AU_EINVAL;
	return checked != NULL ? add_change(r, op, target, checked, false) : read_nothing(r, op, target);
}

/* ---- values that hold several attributes ---- */

/* A name inside a value that no row knows. */
static int
unknown(struct reader *r, const char *name)
{
	r->out.unknown++;
	if (au_profile_has(r->profile, AU_QUIRK_UNKNOWN_NAMES))
		return 0;
	return au_fault_set(r->fault, AU_FAULT_INVALID_SYNTAX, "attribute '%.200s' is not known here", name);
}

static int
read_subs(struct reader *r, enum au_patch_op op, const struct au_patch_path *target, const json_t *value)
{
	struct au_patch_path inner = *target;
	const char *key;
	json_t *member;

	json_object_foreach ((json_t *)value, key, member) {
		inner.path.sub = au_attr_find(target->path.attr->subs, key, strlen(key));
		if ((inner.path.sub == NULL ? unknown(r, key) : read_target(r, op, &inner, member, BY_NAME)) != 0)
			return AU_EINVAL;
	}
	return 0;
}

/* What a value does not give goes. */
static int
clear_other_subs(struct reader *r, const struct au_patch_path *target, const json_t *value)
{
	struct au_patch_path inner = *target;

	for (inner.path.sub = target->path.attr->subs; inner.path.sub->name != NULL; inner.path.sub++)
		if (inner.path.sub->mutability != AU_ATTR_READ_ONLY &&
		    au_value_member(value, inner.path.sub->name) == NULL &&
		    add_change(r, AU_PATCH_REMOVE, &inner, NULL, false) != 0)
			return AU_EINVAL;
	return 0;
}

/*
 * A single complex value: its sub-attributes are set one by one.  What is not named stays (RFC 7644 section 3.5.2.3),
 * or goes when it is replaced by its path as the interoperability profile has it.
 */
static int
read_complex(
    struct reader *r, enum au_patch_op op, const struct au_patch_path *target, const json_t *value, enum manner manner)
{
	bool whole =
	    op == AU_PATCH_REPLACE && manner == BY_PATH && !au_profile_has(r->profile, AU_QUIRK_REPLACE_MERGES);
	AU_CLEANUP(au_json_decrefp) json_t *checked = NULL;

	if (!json_is_object(value)) {
		if (au_value_check(target->path.attr, value, r->profile, AU_VALUE_PATCH, &checked, r->fault) != 0)
			return AU_EINVAL;
		if (checked == NULL)
			return read_nothing(r, op, target);
		value = checked;
	}
	if (whole && clear_other_subs(r, target, value) != 0)
		return AU_EINVAL;
	return read_subs(r, op, target, value);
}

/* The name of an attribute or an extension, which is all that a value may hold by the RFC. */
static bool
is_plain_name(const struct reader *r, const struct au_schema *extension, const char *key)
{
	return strpbrk(key, ".:[") == NULL ||
	       (extension == NULL && au_type_extension(r->type, key, strlen(key)) != NULL);
}

static int
read_name(
    struct reader *r, enum au_patch_op op, const struct au_schema *extension, const char *key, const json_t *value)
{
	struct au_patch_path target;
	const char *text = extension != NULL ? au_arena_printf(r->arena, "%s:%s", extension->id, key) : key;
	int rc;

	if (!au_profile_has(r->profile, AU_QUIRK_NAMES_AS_PATHS) && !is_plain_name(r, extension, key))
		return unknown(r, key);
	/* some clients repeat `schemas` inside of an extension */
	if (extension != NULL && au_strcaseeq(key, "schemas"))
		return 0;
	rc = au_patch_path_parse(r->arena, r->type, &r->limits->filter, text, &target, r->fault);
	if (rc == AU_ENOENT)
		return unknown(r, key);
	return rc == 0 ? read_target(r, op, &target, value, BY_NAME) : rc;
}

/* Names of a value without path, or of an extension given as an object. */
static int
read_names(struct reader *r, enum au_patch_op op, const struct au_schema *extension, const json_t *value)
{
	const char *key;
	json_t *member;

	if (!json_is_object(value))
		return au_fault_set(
		    r->fault, AU_FAULT_INVALID_VALUE, "an operation without path needs an object as value");
	json_object_foreach ((json_t *)value, key, member)
		if (read_name(r, op, extension, key, member) != 0)
			return AU_EINVAL;
	return 0;
}

static int
read_container(
    struct reader *r, enum au_patch_op op, const struct au_patch_path *target, const json_t *value, enum manner manner)
{
	if (op == AU_PATCH_REMOVE || (manner == BY_NAME && json_is_null(value))) {
		if (target->path.extension == NULL)
			return au_fault_set(r->fault, AU_FAULT_NO_TARGET, "the core schema cannot be removed");
		return add_change(r, AU_PATCH_REMOVE, target, NULL, false);
	}
	/* The URN of the core schema inside a value could nest without end: it is no attribute there. */
	if (manner == BY_NAME && target->path.extension == NULL)
		return au_fault_set(r->fault, AU_FAULT_INVALID_PATH, "'%s' is no attribute", r->type->schema->id);
	return read_names(r, op, target->path.extension, value);
}

/* What nobody can ever read again is checked like any other value, and not kept. */
static int
read_and_drop(struct reader *r, enum au_patch_op op, const struct au_patch_path *target, const json_t *value)
{
	AU_CLEANUP(au_json_decrefp) json_t *checked = NULL;

	if (op == AU_PATCH_REMOVE)
		return 0;
	if (au_value_check(row_of(target), value, r->profile, AU_VALUE_PATCH, &checked, r->fault) != 0)
		return AU_EINVAL;
	r->out.password = r->out.password || (checked != NULL && au_attr_is_password(target->path.attr));
	return 0;
}

static bool
is_read_only(const struct au_attr *attr)
{
	return attr != NULL && attr->mutability == AU_ATTR_READ_ONLY;
}

static int
read_target(
    struct reader *r, enum au_patch_op op, const struct au_patch_path *target, const json_t *value, enum manner manner)
{
	const struct au_attr *attr = target->path.attr;

	if (attr == NULL)
		return read_container(r, op, target, value, manner);
	if (is_read_only(attr) || is_read_only(target->path.sub)) {
		if (manner == BY_NAME)
			return 0;
		return au_fault_set(r->fault, AU_FAULT_MUTABILITY, "attribute '%s' is read-only", row_of(target)->name);
	}
	if (op != AU_PATCH_REMOVE && value == NULL)
		return au_fault_set(
		    r->fault, AU_FAULT_INVALID_VALUE, "attribute '%s': the operation has no value", attr->name);
	if (attr->derived && op == AU_PATCH_REMOVE)
		return au_fault_set(r->fault, AU_FAULT_MUTABILITY, "attribute '%s' is required", attr->name);
	if (attr->derived)
		return 0;
	if (attr->returned == AU_ATTR_NEVER || row_of(target)->returned == AU_ATTR_NEVER)
		return read_and_drop(r, op, target, value);
	if (attr->in_rows)
		return read_members(r, op, target, value);
	if (op == AU_PATCH_REMOVE)
		return read_removal(r, target, value);
	if (attr->multi && target->filter != NULL && target->path.sub == NULL)
		return read_element(r, op, target, value);
	if (attr->type == AU_ATTR_COMPLEX && !attr->multi && target->path.sub == NULL)
		return read_complex(r, op, target, value, manner);
	return read_list_or_single(r, op, target, value);
}

/* ---- operations ---- */

static int
read_op(struct reader *r, const json_t *operation, enum au_patch_op *ret)
{
	static const char *const words[] = {
		[AU_PATCH_ADD] = "add", [AU_PATCH_REMOVE] = "remove", [AU_PATCH_REPLACE] = "replace"
	};
	const char *word = json_string_value(au_value_member(operation, "op"));

	for (size_t i = AU_PATCH_ADD; i < AU_COUNT(words); i++) {
		if (word != NULL && au_strcaseeq(word, words[i])) {
			*ret = (enum au_patch_op)i;
			return 0;
		}
	}
	return au_fault_set(r->fault, AU_FAULT_INVALID_SYNTAX, "'op': expected add, remove or replace");
}

static int
read_without_path(struct reader *r, enum au_patch_op op, const json_t *value)
{
	if (!au_profile_has(r->profile, AU_QUIRK_NO_PATH))
		return au_fault_set(r->fault, AU_FAULT_INVALID_SYNTAX, "'path' is missing");
	if (op == AU_PATCH_REMOVE)
		return au_fault_set(r->fault, AU_FAULT_NO_TARGET, "a removal needs a path");
	return read_names(r, op, NULL, value);
}

static int
read_operation(struct reader *r, const json_t *operation)
{
	const json_t *path, *value;
	struct au_patch_path target;
	enum au_patch_op op = AU_PATCH_ADD;
	int rc;

	if (!json_is_object(operation))
		return au_fault_set(r->fault, AU_FAULT_INVALID_SYNTAX, "'Operations': expected objects");
	if (read_op(r, operation, &op) != 0)
		return AU_EINVAL;
	path = au_value_member(operation, "path");
	value = au_value_member(operation, "value");
	if (path != NULL && !json_is_null(path) && !json_is_string(path))
		return au_fault_set(r->fault, AU_FAULT_INVALID_PATH, "'path': expected a string");
	if (!json_is_string(path))
		return read_without_path(r, op, value);
	rc = au_patch_path_parse(r->arena, r->type, &r->limits->filter, json_string_value(path), &target, r->fault);
	/* to who refuses what is not defined it is the same wherever it stands */
	if (rc == AU_ENOENT && !au_profile_has(r->profile, AU_QUIRK_UNKNOWN_NAMES))
		r->fault->kind = AU_FAULT_INVALID_SYNTAX;
	return rc == 0 ? read_target(r, op, &target, value, BY_PATH) : AU_EINVAL;
}

int
au_patch_parse(struct au_arena *arena, const struct au_resource_type *type, const struct au_patch_limits *limits,
    const json_t *body, struct au_patch *ret, struct au_fault *fault)
{
	struct reader r = { .arena = arena, .type = type, .limits = limits, .fault = fault };
	const json_t *operations;
	size_t i;
	json_t *operation;

	r.profile = limits->filter.profile != NULL ? limits->filter.profile : au_profile_auto();
	r.out.profile = r.profile;
	if (au_message_check(body, PATCH_URN, r.profile, fault) != 0)
		return AU_EINVAL;
	operations = au_value_member(body, "Operations");
	if (!json_is_array(operations) || json_array_size(operations) == 0)
		return au_fault_set(
		    fault, AU_FAULT_INVALID_SYNTAX, "'Operations': expected an array that is not empty");
	if (json_array_size(operations) > limits->max_operations)
		return au_fault_set(fault, AU_FAULT_TOO_LARGE, "more than %zu operations", limits->max_operations);
	json_array_foreach ((json_t *)operations, i, operation)
		if (read_operation(&r, operation) != 0)
			return AU_EINVAL;
	*ret = r.out;
	return 0;
}
