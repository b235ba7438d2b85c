/* SPDX-License-Identifier: ISC */
/* Bodies of POST and PUT: every member goes through its row; what no row knows stays outside. */
#include "base/json.h"
#include "scim/document.h"
#include "scim/value.h"

#include <string.h>

struct checking {
	const struct au_catalog *catalog;
	const struct au_resource_type *type;
	const struct au_profile *profile;
	struct au_checked out;
	struct au_fault *fault;
};

static bool
has(const struct checking *c, enum au_quirk quirk)
{
	return au_profile_has(c->profile, quirk);
}

/* ---- schemas ---- */

#define MESSAGE_URN "urn:ietf:params:scim:api:messages:" /* RFC 7644 section 3.1 */

/* Another resource type whose schema it is; NULL = none. */
static const struct au_resource_type *
other_type(const struct checking *c, const char *uri)
{
	for (const struct au_resource_type *const *type = c->catalog->types; *type != NULL; type++)
		if (*type != c->type && au_type_is_core(*type, uri, strlen(uri)))
			return *type;
	return NULL;
}

/* A body may name URIs that we do not know, unless the profile forbids it, but not only another of our types. */
static int
check_uris(struct checking *c, const json_t *schemas)
{
	const struct au_resource_type *other = NULL;
	bool ours = false;
	size_t i;
	json_t *uri;

	json_array_foreach ((json_t *)schemas, i, uri) {
		const char *text = json_string_value(uri);

		if (text == NULL)
			return au_fault_set(c->fault, AU_FAULT_INVALID_SYNTAX, "'schemas': expected an array of URIs");
		if (strncasecmp(text, MESSAGE_URN, sizeof MESSAGE_URN - 1) == 0)
			return au_fault_set(c->fault, AU_FAULT_INVALID_SYNTAX,
			    "'schemas' says %s: that is a message, not a resource", text);
		if (au_type_is_core(c->type, text, strlen(text)))
			ours = true;
		else if (other_type(c, text) != NULL)
			other = other_type(c, text);
		else if (au_type_extension(c->type, text, strlen(text)) == NULL && !has(c, AU_QUIRK_UNKNOWN_NAMES))
			return au_fault_set(
			    c->fault, AU_FAULT_INVALID_SYNTAX, "schema '%.200s' is not known here", text);
	}
	if (other != NULL && !ours)
		return au_fault_set(c->fault, AU_FAULT_INVALID_VALUE,
		    "'schemas' says %s, this endpoint holds %s resources", other->name, c->type->name);
	if (!ours && !has(c, AU_QUIRK_NO_SCHEMAS))
		return au_fault_set(
		    c->fault, AU_FAULT_INVALID_SYNTAX, "'schemas': '%s' is missing", c->type->schema->id);
	return 0;
}

static int
check_schemas(struct checking *c, const json_t *schemas)
{
	if (schemas == NULL || json_is_null(schemas))
		return has(c, AU_QUIRK_NO_SCHEMAS)
			   ? 0
			   : au_fault_set(c->fault, AU_FAULT_INVALID_SYNTAX, "'schemas' is missing");
	if (!json_is_array(schemas))
		return au_fault_set(c->fault, AU_FAULT_INVALID_SYNTAX, "'schemas': expected an array of URIs");
	return check_uris(c, schemas);
}

/* ---- members ---- */

static const char *
last_segment(const char *uri)
{
	const char *slash = uri != NULL ? strrchr(uri, '/') : NULL;

	return slash != NULL ? slash + 1 : uri;
}

static int
check_member(const struct au_attr *attr, const json_t *element, const struct au_profile *profile, json_t *out,
    struct au_fault *fault)
{
	AU_CLEANUP(au_json_decrefp) json_t *checked = NULL;
	const char *value;
	json_t *member;

	if (au_value_check_element(attr, element, profile, &checked, fault) != 0)
		return AU_EINVAL;
	if (checked == NULL)
		return 0;
	value = json_string_value(json_object_get(checked, "value"));
	if (value == NULL)
		value = last_segment(json_string_value(json_object_get(checked, "$ref")));
	if (au_str_empty(value))
		return au_fault_set(
		    fault, AU_FAULT_INVALID_VALUE, "attribute '%s': an element has no value", attr->name);
	member = json_object();
	json_object_set_new(member, "value", json_string(value));
	if (json_object_get(checked, "display") != NULL)
		json_object_set(member, "display", json_object_get(checked, "display"));
	json_array_append_new(out, member);
	return 0;
}

int
au_check_members(const struct au_attr *attr, const json_t *value, const struct au_profile *profile, json_t **ret,
    struct au_fault *fault)
{
	AU_CLEANUP(au_json_decrefp) json_t *out = json_array();
	size_t i;
	json_t *element;

	if (json_is_object(value) || json_is_string(value)) {
		if (check_member(attr, value, profile, out, fault) != 0)
			return AU_EINVAL;
	} else if (value != NULL && !json_is_null(value) && !json_is_array(value)) {
		return au_fault_set(fault, AU_FAULT_INVALID_VALUE, "attribute '%s': expected an array", attr->name);
	}
	json_array_foreach ((json_t *)value, i, element)
		if (check_member(attr, element, profile, out, fault) != 0)
			return AU_EINVAL;
	*ret = json_incref(out);
	return 0;
}

/* ---- attributes ---- */

static int
given_twice(struct checking *c, const char *name)
{
	return au_fault_set(c->fault, AU_FAULT_INVALID_SYNTAX, "attribute '%s' is given twice", name);
}

static int
check_in_rows(struct checking *c, const struct au_attr *attr, const json_t *value)
{
	if (c->out.members != NULL)
		return given_twice(c, attr->name);
	return au_check_members(attr, value, c->profile, &c->out.members, c->fault);
}

static int
unknown(struct checking *c, const char *name)
{
	c->out.unknown++;
	return has(c, AU_QUIRK_UNKNOWN_NAMES)
		   ? 0
		   : au_fault_set(c->fault, AU_FAULT_INVALID_SYNTAX, "attribute '%.200s' is not known here", name);
}

static int
check_attr(struct checking *c, const struct au_attr *attr, json_t *container, const json_t *value)
{
	AU_CLEANUP(au_json_decrefp) json_t *checked = NULL;

	if (attr->mutability == AU_ATTR_READ_ONLY || attr->derived)
		return 0;
	if (attr->in_rows)
		return check_in_rows(c, attr, value);
	if (json_object_get(container, attr->name) != NULL)
		return given_twice(c, attr->name);
	if (au_value_check(attr, value, c->profile, AU_VALUE_BODY, &checked, c->fault) != 0)
		return AU_EINVAL;
	c->out.password = c->out.password || (checked != NULL && au_attr_is_password(attr));
	if (checked != NULL && attr->returned != AU_ATTR_NEVER)
		json_object_set(container, attr->name, checked);
	return 0;
}

static int
check_extension(struct checking *c, const struct au_schema *extension, const json_t *value)
{
	json_t *container, *member;
	const char *key;

	if (json_is_null(value))
		return 0;
	if (!json_is_object(value))
		return au_fault_set(c->fault, AU_FAULT_INVALID_VALUE, "'%s': expected an object", extension->id);
	if (au_document_container(c->out.doc, extension, false) != NULL)
		return given_twice(c, extension->id);
	container = au_document_container(c->out.doc, extension, true);
	json_object_foreach ((json_t *)value, key, member) {
		const struct au_attr *attr = au_attr_find(extension->attrs, key, strlen(key));

		/* some clients repeat `schemas` in there */
		if (attr == NULL && au_strcaseeq(key, "schemas"))
			continue;
		if ((attr == NULL ? unknown(c, key) : check_attr(c, attr, container, member)) != 0)
			return AU_EINVAL;
	}
	return 0;
}

static int
check_member_of_body(struct checking *c, const char *key, const json_t *value)
{
	const struct au_schema *extension = au_type_extension(c->type, key, strlen(key));
	const struct au_attr *attr;

	if (extension != NULL)
		return check_extension(c, extension, value);
	attr = au_attr_find(c->type->schema->attrs, key, strlen(key));
	if (attr == NULL)
		attr = au_attr_find(au_common_attrs, key, strlen(key));
	return attr != NULL ? check_attr(c, attr, c->out.doc, value) : unknown(c, key);
}

static int
check_all(struct checking *c, const json_t *body)
{
	const char *key;
	json_t *value;

	if (check_schemas(c, au_value_member(body, "schemas")) != 0)
		return AU_EINVAL;
	json_object_foreach ((json_t *)body, key, value)
		if (check_member_of_body(c, key, value) != 0)
			return AU_EINVAL;
	au_document_seal(c->type, c->out.doc);
	return au_document_required(c->type, c->out.doc, AU_FAULT_INVALID_VALUE, c->fault);
}

int
au_check_body(const struct au_catalog *catalog, const struct au_resource_type *type, const struct au_profile *profile,
    const char *id, const json_t *body, struct au_checked *ret, struct au_fault *fault)
{
	struct checking c = { .catalog = catalog, .type = type, .profile = profile, .fault = fault };

	if (!json_is_object(body))
		return au_fault_set(fault, AU_FAULT_INVALID_SYNTAX, "body: expected a JSON object");
	c.out.doc = au_document_new(type, id);
	if (check_all(&c, body) != 0) {
		au_checked_done(&c.out);
		return AU_EINVAL;
	}
	*ret = c.out;
	return 0;
}

void
au_checked_done(struct au_checked *checked)
{
	au_json_decrefp(&checked->doc);
	au_json_decrefp(&checked->members);
}
