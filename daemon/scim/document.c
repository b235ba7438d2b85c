/* SPDX-License-Identifier: ISC */
/* What holds for every document, whichever request it comes from. */
#include "scim/document.h"

#include "base/json.h"

#include <string.h>

json_t *
au_document_new(const struct au_resource_type *type, const char *id)
{
	json_t *doc = json_object();

	au_document_schemas(type, doc);
	json_object_set_new(doc, "id", json_string(id));
	return doc;
}

json_t *
au_document_container(json_t *doc, const struct au_schema *extension, bool make)
{
	json_t *container;

	if (extension == NULL)
		return doc;
	container = json_object_get(doc, extension->id);
	if (container == NULL && make) {
		container = json_object();
		json_object_set_new(doc, extension->id, container);
	}
	return container;
}

static bool
is_empty(const json_t *value)
{
	return json_is_null(value) || (json_is_object(value) && json_object_size(value) == 0) ||
	       (json_is_array(value) && json_array_size(value) == 0);
}

static bool
stands_before(const json_t *array, size_t end)
{
	for (size_t i = 0; i < end; i++)
		if (json_equal(json_array_get(array, i), json_array_get(array, end)))
			return true;
	return false;
}

/* What sub-attributes that went have left of lists: elements without content, and elements that are now the same. */
static void
drop_elements(json_t *array)
{
	for (size_t i = json_array_size(array); i > 0; i--)
		if (is_empty(json_array_get(array, i - 1)) || stands_before(array, i - 1))
			json_array_remove(array, i - 1);
}

static void
drop_empty(json_t *container)
{
	const char *key;
	json_t *value;
	void *next;

	json_object_foreach_safe (container, next, key, value) {
		drop_elements(value);
		if (is_empty(value))
			json_object_del(container, key);
	}
}

void
au_document_schemas(const struct au_resource_type *type, json_t *doc)
{
	json_t *schemas = json_array(), *value;
	const char *key;

	json_array_append_new(schemas, json_string(type->schema->id));
	for (const struct au_extension *extension = type->extensions; extension->schema != NULL; extension++)
		if (json_object_get(doc, extension->schema->id) != NULL)
			json_array_append_new(schemas, json_string(extension->schema->id));
	json_object_foreach (doc, key, value)
		if (strchr(key, ':') != NULL && au_type_extension(type, key, strlen(key)) == NULL)
			json_array_append_new(schemas, json_string(key));
	json_object_set_new(doc, "schemas", schemas);
}

static bool
is_built_in(const struct au_resource_type *type, const char *urn, size_t len)
{
	const struct au_schema *extension = au_type_extension(type, urn, len);

	if (extension == NULL)
		return au_type_is_core(type, urn, len) && !type->schema->configured;
	return !extension->configured;
}

/* `schemas` stands first, as au_document_new puts it, and URNs need no escapes. */
bool
au_document_is_built_in(const struct au_resource_type *type, const char *text)
{
	static const char start[] = "{\"schemas\":[\"";
	size_t len;

	if (strncmp(text, start, sizeof start - 1) != 0)
		return false;
	for (text += sizeof start - 1;; text += len + strlen("\",\"")) {
		len = strcspn(text, "\"");
		if (!is_built_in(type, text, len))
			return false;
		if (strncmp(text + len, "\",\"", strlen("\",\"")) != 0)
			return strncmp(text + len, "\"]", 2) == 0;
	}
}

void
au_document_seal(const struct au_resource_type *type, json_t *doc)
{
	for (const struct au_extension *extension = type->extensions; extension->schema != NULL; extension++)
		drop_empty(json_object_get(doc, extension->schema->id));
	drop_empty(doc);
	au_document_schemas(type, doc);
}

/* A complex value, or each of a list, has what its sub-attributes demand. */
static int
required_subs(const struct au_attr *attr, const json_t *value, enum au_fault_kind kind, struct au_fault *fault)
{
	const json_t *element;
	size_t i;

	for (const struct au_attr *sub = attr->subs; json_is_object(value) && sub->name != NULL; sub++)
		if (sub->required && json_object_get(value, sub->name) == NULL)
			return au_fault_set(fault, kind, "attribute '%s.%s' is required", attr->name, sub->name);
	json_array_foreach ((json_t *)value, i, element) {
		if (json_is_object(element) && required_subs(attr, element, kind, fault) != 0)
			return AU_EINVAL;
	}
	return 0;
}

static int
required_in(const struct au_attr *table, const json_t *container, enum au_fault_kind kind, struct au_fault *fault)
{
	for (const struct au_attr *attr = table; attr->name != NULL; attr++) {
		const json_t *value = json_object_get(container, attr->name);

		if (attr->required && !attr->in_rows && value == NULL)
			return au_fault_set(fault, kind, "attribute '%s' is required", attr->name);
		if (attr->subs != NULL && required_subs(attr, value, kind, fault) != 0)
			return AU_EINVAL;
	}
	return 0;
}

int
au_document_required(
    const struct au_resource_type *type, const json_t *doc, enum au_fault_kind kind, struct au_fault *fault)
{
	if (required_in(type->schema->attrs, doc, kind, fault) != 0)
		return AU_EINVAL;
	for (const struct au_extension *extension = type->extensions; extension->schema != NULL; extension++) {
		const json_t *container = json_object_get(doc, extension->schema->id);

		if (container == NULL && extension->required)
			return au_fault_set(fault, kind, "extension '%s' is required", extension->schema->id);
		if (container != NULL && required_in(extension->schema->attrs, container, kind, fault) != 0)
			return AU_EINVAL;
	}
	return 0;
}

/* The value of an immutable attribute: kept when the new document is silent about it. */
static int
keep(const struct au_attr *attr, const json_t *old, json_t *container, struct au_fault *fault)
{
	json_t *was = json_object_get(old, attr->name), *now = json_object_get(container, attr->name);

	if (was == NULL || attr->mutability != AU_ATTR_IMMUTABLE)
		return 0;
	if (now != NULL && !json_equal(was, now))
		return au_fault_set(
		    fault, AU_FAULT_MUTABILITY, "attribute '%s' cannot change once it is set", attr->name);
	json_object_set(container, attr->name, was);
	return 0;
}

static int
keep_all(const struct au_attr *table, const json_t *old, json_t *container, struct au_fault *fault)
{
	for (const struct au_attr *attr = table; attr->name != NULL; attr++) {
		json_t *was = json_object_get(old, attr->name), *now = json_object_get(container, attr->name);

		if (keep(attr, old, container, fault) != 0)
			return AU_EINVAL;
		/* Elements of lists are replaced as a whole; single complex values keep what is immutable in them. */
		for (const struct au_attr *sub = attr->multi ? NULL : attr->subs; sub != NULL && sub->name != NULL;
		     sub++)
			if (json_is_object(was) && json_is_object(now) && keep(sub, was, now, fault) != 0)
				return AU_EINVAL;
	}
	return 0;
}

int
au_document_immutable(const struct au_resource_type *type, const json_t *old, json_t *doc, struct au_fault *fault)
{
	if (keep_all(type->schema->attrs, old, doc, fault) != 0)
		return AU_EINVAL;
	for (const struct au_extension *extension = type->extensions; extension->schema != NULL; extension++) {
		const json_t *was = json_object_get(old, extension->schema->id);

		if (was != NULL && keep_all(extension->schema->attrs, was,
				       au_document_container(doc, extension->schema, true), fault) != 0)
			return AU_EINVAL;
	}
	au_document_seal(type, doc);
	return 0;
}
