/* SPDX-License-Identifier: ISC */
/* Rows as the discovery endpoints show them: every characteristic is written out, defaults too. */
#include "base/json.h"
#include "scim/schema.h"

static json_t *
words(const char *const *list)
{
	json_t *array = json_array();

	for (; list != NULL && *list != NULL; list++)
		json_array_append_new(array, json_string(*list));
	return array;
}

static bool
is_text(enum au_attr_type type)
{
	return type == AU_ATTR_STRING || type == AU_ATTR_REFERENCE || type == AU_ATTR_BINARY;
}

static json_t *attrs_json(const struct au_attr *table);

static json_t *
attr_json(const struct au_attr *attr)
{
	json_t *out = json_object();

	json_object_set_new(out, "name", json_string(attr->name));
	json_object_set_new(out, "type", json_string(au_attr_type_name(attr->type)));
	json_object_set_new(out, "multiValued", json_boolean(attr->multi));
	json_object_set_new(out, "description", json_string(attr->description));
	json_object_set_new(out, "required", json_boolean(attr->required));
	if (attr->canonical != NULL)
		json_object_set_new(out, "canonicalValues", words(attr->canonical));
	if (is_text(attr->type))
		json_object_set_new(out, "caseExact", json_boolean(attr->case_exact));
	json_object_set_new(out, "mutability", json_string(au_attr_mutability_name(attr->mutability)));
	json_object_set_new(out, "returned", json_string(au_attr_returned_name(attr->returned)));
	json_object_set_new(out, "uniqueness", json_string(au_attr_uniqueness_name(attr->uniqueness)));
	if (attr->references != NULL)
		json_object_set_new(out, "referenceTypes", words(attr->references));
	/* Rows nest two deep (complex inside complex is not SCIM), three in the schema of schemas. */
	if (attr->subs != NULL)
		json_object_set_new(out, "subAttributes", attrs_json(attr->subs));
	return out;
}

static json_t *
attrs_json(const struct au_attr *table)
{
	json_t *array = json_array();

	for (const struct au_attr *attr = table; attr->name != NULL; attr++)
		json_array_append_new(array, attr_json(attr));
	return array;
}

static json_t *
schemas_member(const struct au_schema *schema)
{
	json_t *array = json_array();

	json_array_append_new(array, json_string(schema->id));
	return array;
}

json_t *
au_schema_json(const struct au_schema *schema)
{
	json_t *out = json_object();

	json_object_set_new(out, "schemas", schemas_member(&au_schema_schema));
	json_object_set_new(out, "id", json_string(schema->id));
	json_object_set_new(out, "name", json_string(schema->name));
	json_object_set_new(out, "description", json_string(schema->description));
	json_object_set_new(out, "attributes", attrs_json(schema->attrs));
	return out;
}

json_t *
au_type_json(const struct au_resource_type *type)
{
	json_t *out = json_object(), *extensions = json_array();

	json_object_set_new(out, "schemas", schemas_member(&au_schema_resource_type));
	json_object_set_new(out, "id", json_string(type->name));
	json_object_set_new(out, "name", json_string(type->name));
	json_object_set_new(out, "endpoint", json_string(type->endpoint));
	json_object_set_new(out, "description", json_string(type->description));
	json_object_set_new(out, "schema", json_string(type->schema->id));
	for (const struct au_extension *extension = type->extensions; extension->schema != NULL; extension++) {
		json_t *row = json_object();

		json_object_set_new(row, "schema", json_string(extension->schema->id));
		json_object_set_new(row, "required", json_boolean(extension->required));
		json_array_append_new(extensions, row);
	}
	json_object_set_new(out, "schemaExtensions", extensions);
	return out;
}
