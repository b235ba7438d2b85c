/* SPDX-License-Identifier: ISC */
/*
 * Rows as JSON Schema.  What JSON Schema has no word for is said by members that begin with "x-scim-".  Names in front
 * of a dot keep apart what might have one name: "Extension.Badge" and a resource type "Badge".
 */
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "scim/openapi.h"

#include <string.h>

json_t *
au_openapi_ref(const char *kind, const char *name)
{
	AU_CLEANUP(au_freep) char *target = au_xasprintf("#/components/%s/%s", kind, name);

	return json_pack("{ss}", "$ref", target);
}

/* ---- attributes ---- */

static json_t *object_schema(const struct au_attr *table);

/* The type of one value. */
static json_t *
value_schema(const struct au_attr *attr)
{
	static const char *const types[][3] = {
		[AU_ATTR_STRING] = { "string", NULL, NULL },
		[AU_ATTR_BOOLEAN] = { "boolean", NULL, NULL },
		[AU_ATTR_DECIMAL] = { "number", NULL, NULL },
		[AU_ATTR_INTEGER] = { "integer", NULL, NULL },
		[AU_ATTR_DATETIME] = { "string", "format", "date-time" },
		[AU_ATTR_BINARY] = { "string", "contentEncoding", "base64" },
		[AU_ATTR_REFERENCE] = { "string", "format", "uri-reference" },
	};
	json_t *out;

	if (attr->type == AU_ATTR_COMPLEX)
		return object_schema(attr->subs);
	out = json_pack("{ss}", "type", types[attr->type][0]);
	if (types[attr->type][1] != NULL)
		json_object_set_new(out, types[attr->type][1], json_string(types[attr->type][2]));
	if (attr->canonical != NULL) {
		json_t *examples = json_array();

		for (const char *const *word = attr->canonical; *word != NULL; word++)
			json_array_append_new(examples, json_string(*word));
		json_object_set_new(out, "examples", examples);
	}
	return out;
}

/* What is said about an attribute whatever its type. */
static void
set_characteristics(const struct au_attr *attr, json_t *out)
{
	if (!au_str_empty(attr->description))
		au_json_set_str(out, "description", attr->description);
	if (attr->mutability == AU_ATTR_READ_ONLY)
		json_object_set_new(out, "readOnly", json_true());
	if (attr->mutability == AU_ATTR_WRITE_ONLY)
		json_object_set_new(out, "writeOnly", json_true());
	if (attr->mutability == AU_ATTR_IMMUTABLE)
		au_json_set_str(out, "x-scim-mutability", au_attr_mutability_name(attr->mutability));
	if (attr->returned != AU_ATTR_DEFAULT)
		au_json_set_str(out, "x-scim-returned", au_attr_returned_name(attr->returned));
	if (attr->uniqueness != AU_ATTR_NONE)
		au_json_set_str(out, "x-scim-uniqueness", au_attr_uniqueness_name(attr->uniqueness));
	if (attr->case_exact)
		json_object_set_new(out, "x-scim-caseExact", json_true());
}

static json_t *
attr_schema(const struct au_attr *attr)
{
	json_t *out = value_schema(attr);

	if (attr->multi)
		out = json_pack("{ss, so}", "type", "array", "items", out);
	set_characteristics(attr, out);
	return out;
}

static void
add_attrs(const struct au_attr *table, json_t *properties, json_t *required)
{
	for (const struct au_attr *attr = table; attr->name != NULL; attr++) {
		json_object_set_new(properties, attr->name, attr_schema(attr));
		if (attr->required)
			json_array_append_new(required, json_string(attr->name));
	}
}

/* Takes over both; an empty list of what is required is left out. */
static json_t *
object_of(json_t *properties, json_t *required)
{
	json_t *out = json_pack("{ss, so}", "type", "object", "properties", properties);

	if (json_array_size(required) > 0)
		json_object_set(out, "required", required);
	json_decref(required);
	return out;
}

/* Rows nest no deeper than their tables do. */
static json_t *
object_schema(const struct au_attr *table)
{
	json_t *properties = json_object(), *required = json_array();

	add_attrs(table, properties, required);
	return object_of(properties, required);
}

/* ---- resources ---- */

static char *
extension_name(const struct au_schema *schema)
{
	return au_xasprintf("Extension.%s", schema->name);
}

static json_t *
resource_schema(const struct au_resource_type *type)
{
	json_t *properties = json_object(), *required = json_array(), *out;

	json_array_append_new(required, json_string("schemas"));
	add_attrs(au_common_attrs, properties, required);
	add_attrs(type->schema->attrs, properties, required);
	for (const struct au_extension *extension = type->extensions; extension->schema != NULL; extension++) {
		AU_CLEANUP(au_freep) char *name = extension_name(extension->schema);

		json_object_set_new(properties, extension->schema->id, au_openapi_ref("schemas", name));
		if (extension->required)
			json_array_append_new(required, json_string(extension->schema->id));
	}
	out = object_of(properties, required);
	if (!au_str_empty(type->description))
		au_json_set_str(out, "description", type->description);
	return out;
}

/* A list of what `items` (taken over) says. */
static json_t *
list_schema(json_t *items)
{
	json_t *count = json_pack("{ss, si}", "type", "integer", "minimum", 0);
	json_t *cursor = json_pack("{ss}", "type", "string");
	json_t *uris = json_pack("{ss, s{ss}}", "type", "array", "items", "type", "string");

	return json_pack("{ss, s{so, sO, sO, so, sO, so, s{ss, so}}, s[s]}", "type", "object", "properties", "schemas",
	    uris, "totalResults", count, "itemsPerPage", count, "startIndex", count, "nextCursor", cursor,
	    "previousCursor", cursor, "Resources", "type", "array", "items", items, "required", "schemas");
}

static void
add_type(const struct au_resource_type *type, json_t *schemas, json_t *any)
{
	AU_CLEANUP(au_freep) char *list = au_xasprintf("List.%s", type->name);

	json_object_set_new(schemas, type->name, resource_schema(type));
	json_object_set_new(schemas, list, list_schema(au_openapi_ref("schemas", type->name)));
	if (!au_type_is_offer(type))
		json_array_append_new(any, au_openapi_ref("schemas", type->name));
	for (const struct au_extension *extension = type->extensions; extension->schema != NULL; extension++) {
		AU_CLEANUP(au_freep) char *name = extension_name(extension->schema);
		json_t *schema = object_schema(extension->schema->attrs);

		if (!au_str_empty(extension->schema->description))
			au_json_set_str(schema, "description", extension->schema->description);
		json_object_set_new(schemas, name, schema);
	}
}

/* ---- discovery and messages ---- */

static void
add_discovery(json_t *schemas)
{
	static const struct au_schema *const rows[] = { &au_schema_provider_config, &au_schema_resource_type,
		&au_schema_schema };

	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_freep) char *list = au_xasprintf("List.%s", rows[i]->name);

		json_object_set_new(schemas, rows[i]->name, object_schema(rows[i]->attrs));
		json_object_set_new(schemas, list, list_schema(au_openapi_ref("schemas", rows[i]->name)));
	}
}

/* Messages are no resources and have no rows (RFC 7644 sections 3.4.3, 3.5.2, 3.7, 3.12). */
static const char messages[] =
    "{'Message.Error':{'type':'object','required':['schemas','status'],'properties':{"
    "'schemas':{'type':'array','items':{'const':'urn:ietf:params:scim:api:messages:2.0:Error'}},"
    "'status':{'type':'string','description':'HTTP status.'},"
    "'scimType':{'type':'string','description':'Keyword of RFC 7644 table 9 or RFC 9865.'},"
    "'detail':{'type':'string','description':'What was wrong, for people.'}}},"
    "'Message.PatchOp':{'type':'object','required':['schemas','Operations'],'properties':{"
    "'schemas':{'type':'array','items':{'const':'urn:ietf:params:scim:api:messages:2.0:PatchOp'}},"
    "'Operations':{'type':'array','minItems':1,'items':{'type':'object','required':['op'],'properties':{"
    "'op':{'enum':['add','remove','replace']},"
    "'path':{'type':'string','description':'Attribute, value path, or URN of an extension.'},"
    "'value':{'description':'Value of the attribute, or an object of attributes where there is no path.'}}}}}},"
    "'Message.SearchRequest':{'type':'object','required':['schemas'],'properties':{"
    "'schemas':{'type':'array','items':{'const':'urn:ietf:params:scim:api:messages:2.0:SearchRequest'}},"
    "'attributes':{'type':'array','items':{'type':'string'}},"
    "'excludedAttributes':{'type':'array','items':{'type':'string'}},"
    "'filter':{'type':'string'},'sortBy':{'type':'string'},'sortOrder':{'enum':['ascending','descending']},"
    "'startIndex':{'type':'integer'},'count':{'type':'integer'},'cursor':{'type':'string'}}},"
    "'Message.BulkRequest':{'type':'object','required':['schemas','Operations'],'properties':{"
    "'schemas':{'type':'array','items':{'const':'urn:ietf:params:scim:api:messages:2.0:BulkRequest'}},"
    "'failOnErrors':{'type':'integer','minimum':1},"
    "'Operations':{'type':'array','items':{'type':'object','required':['method','path'],'properties':{"
    "'method':{'enum':['POST','PUT','PATCH','DELETE']},'path':{'type':'string'},"
    "'bulkId':{'type':'string'},'version':{'type':'string'},'data':{'type':'object'}}}}}},"
    "'Message.BulkResponse':{'type':'object','required':['schemas','Operations'],'properties':{"
    "'schemas':{'type':'array','items':{'const':'urn:ietf:params:scim:api:messages:2.0:BulkResponse'}},"
    "'Operations':{'type':'array','items':{'type':'object','required':['method','status'],'properties':{"
    "'method':{'type':'string'},'bulkId':{'type':'string'},'version':{'type':'string'},"
    "'location':{'type':'string','format':'uri'},'status':{'type':'string'},"
    "'response':{'$ref':'#/components/schemas/Message.Error'}}}}}}}";

/* The text is ours and has no apostrophe of its own. */
static json_t *
parsed(const char *text)
{
	AU_CLEANUP(au_freep) char *copy = au_xstrdup(text);

	for (char *c = copy; *c != '\0'; c++)
		if (*c == '\'')
			*c = '"';
	return json_loads(copy, 0, NULL);
}

static json_t *
schemas_of(const struct au_catalog *catalog)
{
	json_t *schemas = json_object(), *any = json_array(), *rest = parsed(messages);

	for (const struct au_resource_type *const *type = catalog->types; *type != NULL; type++)
		add_type(*type, schemas, any);
	json_object_set_new(schemas, "List.Any", list_schema(json_pack("{so}", "anyOf", any)));
	add_discovery(schemas);
	json_object_update(schemas, rest);
	json_decref(rest);
	return schemas;
}

/* ---- parameters and the rest ---- */

static const struct {
	const char *key, *name, *in, *type, *text;
} parameters[] = {
	{ "id", "id", "path", "string", "Identifier of the resource." },
	{ "attributes", "attributes", "query", "string",
	    "Names of the only attributes to return, with commas between." },
	{ "excludedAttributes", "excludedAttributes", "query", "string",
	    "Names of attributes not to return, with commas between." },
	{ "filter", "filter", "query", "string", "Filter (RFC 7644 section 3.4.2.2)." },
	{ "sortBy", "sortBy", "query", "string", "Attribute to sort by." },
	{ "sortOrder", "sortOrder", "query", "string", "ascending or descending." },
	{ "startIndex", "startIndex", "query", "integer", "Place of the first resource of the page, from 1." },
	{ "count", "count", "query", "integer", "Most resources in the page." },
	{ "cursor", "cursor", "query", "string", "Where the page begins; empty for the first one (RFC 9865)." },
	{ "ifMatch", "If-Match", "header", "string", "Change it only when this is its version." },
	{ "ifNoneMatch", "If-None-Match", "header", "string", "Send it only when this is not its version." },
	{ "prefer", "Prefer", "header", "string", "return=minimal asks for an answer without body (RFC 7240)." },
};

static json_t *
parameters_of(void)
{
	json_t *out = json_object();

	for (size_t i = 0; i < AU_COUNT(parameters); i++) {
		json_t *one = json_pack("{ss, ss, ss, s{ss}}", "name", parameters[i].name, "in", parameters[i].in,
		    "description", parameters[i].text, "schema", "type", parameters[i].type);

		if (strcmp(parameters[i].in, "path") == 0)
			json_object_set_new(one, "required", json_true());
		json_object_set_new(out, parameters[i].key, one);
	}
	return out;
}

static const char others[] =
    "{'responses':{'Error':{'description':'The request is refused.','content':{'application/scim+json':{"
    "'schema':{'$ref':'#/components/schemas/Message.Error'}}}}},"
    "'headers':{'ETag':{'description':'Version of the resource.','schema':{'type':'string'}},"
    "'Location':{'description':'URI of the resource.','schema':{'type':'string','format':'uri'}}},"
    "'securitySchemes':{'bearer':{'type':'http','scheme':'bearer',"
    "'description':'A token that the operator made, or one of a configured issuer.'},"
    "'certificate':{'type':'mutualTLS','description':'A client certificate, where the operator names it.'}}}";

json_t *
au_openapi_components(const struct au_catalog *catalog)
{
	json_t *components = parsed(others);

	json_object_set_new(components, "schemas", schemas_of(catalog));
	json_object_set_new(components, "parameters", parameters_of());
	return components;
}
