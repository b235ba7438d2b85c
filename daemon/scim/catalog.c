/* SPDX-License-Identifier: ISC */
/*
 * Blocks of the settings become rows like the built-in ones, so nobody who reads or changes a resource can tell them
 * apart.  The settings have checked their form; here they meet what is built in.
 */
#include "scim/catalog.h"

#include "base/mem.h"
#include "scim/route.h"

#include <string.h>

/* A catalog with what it lives in; others see its first member only. */
struct made {
	struct au_catalog catalog;
	struct au_arena *arena;
	unsigned references;
};

struct making {
	struct au_arena *arena;
	const struct au_settings *settings;
	const struct au_schema **schemas; /* built-in ones first, then one per block */
	size_t schema_count;
	const struct au_schema *const *configured; /* those of the blocks, in their order */
	struct au_resource_type *types;
	size_t type_count;
	struct au_err *err;
};

static int
fail_at(struct making *m, const struct au_block *block, const char *what, const char *name, const char *why)
{
	return au_fail(m->err, AU_EINVAL, "%s:%d: %s '%s' %s", block->file, block->line, what, name, why);
}

/* ---- attributes ---- */

static const char *const *
words_of(struct making *m, const struct au_values *values, const char *option)
{
	size_t count = au_values_count(values, option);
	const char **words;

	if (count == 0)
		return NULL;
	words = au_arena_alloc(m->arena, (count + 1) * sizeof *words);
	for (size_t i = 0; i < count; i++)
		words[i] = au_values_item(values, option, i);
	return words;
}

static const struct au_attr *make_attrs(struct making *m, const struct au_scim_attribute *from, size_t count);

static struct au_attr
make_attr(struct making *m, const struct au_scim_attribute *from)
{
	static const char *const uri[] = { "uri", NULL };
	const struct au_values *values = from->block.values;
	struct au_attr attr = {
		.name = from->block.name,
		.description = au_values_str(values, "description"),
		.type = au_attr_type_named(au_values_str(values, "type")),
		.mutability = au_attr_mutability_named(au_values_str(values, "mutability")),
		.returned = au_attr_returned_named(au_values_str(values, "returned")),
		.uniqueness = au_attr_uniqueness_named(au_values_str(values, "uniqueness")),
		.multi = au_values_bool(values, "multi_valued"),
		.required = au_values_bool(values, "required"),
		.case_exact = au_values_bool(values, "case_exact"),
		.indexed = au_values_bool(values, "indexed"),
		.canonical = words_of(m, values, "canonical_values"),
		.references = words_of(m, values, "reference_types"),
		.subs = from->sub_count > 0 ? make_attrs(m, from->subs, from->sub_count) : NULL,
	};

	/* RFC 7643 sections 2.3.6 and 2.3.7 */
	if (attr.type == AU_ATTR_REFERENCE || attr.type == AU_ATTR_BINARY)
		attr.case_exact = true;
	if (attr.type == AU_ATTR_REFERENCE && attr.references == NULL)
		attr.references = uri;
	return attr;
}

static const struct au_attr *
make_attrs(struct making *m, const struct au_scim_attribute *from, size_t count)
{
	struct au_attr *attrs = au_arena_alloc(m->arena, (count + 1) * sizeof *attrs);

	for (size_t i = 0; i < count; i++)
		attrs[i] = make_attr(m, &from[i]);
	return attrs;
}

/* ---- what is built in ---- */

/* Roles and entitlements are offered where a rule names any. */
static bool
has_offers(const struct au_settings *settings)
{
	for (size_t i = 0; i < settings->rule_count; i++)
		if (settings->rules[i].is_grant)
			return true;
	return false;
}

static size_t
count_schemas(const struct au_catalog *catalog)
{
	size_t count = 0;

	while (catalog->schemas[count] != NULL)
		count++;
	return count;
}

static size_t
count_types(const struct au_catalog *catalog)
{
	size_t count = 0;

	while (catalog->types[count] != NULL)
		count++;
	return count;
}

static void
take_built_in(struct making *m, const struct au_catalog *from)
{
	size_t schemas = count_schemas(from), types = count_types(from);

	memcpy(&m->schemas[m->schema_count], from->schemas, schemas * sizeof *m->schemas);
	m->schema_count += schemas;
	for (size_t i = 0; i < types; i++)
		m->types[m->type_count++] = *from->types[i];
}

/* Room for everything, and what is built in. */
static void
begin(struct making *m)
{
	const struct au_settings *s = m->settings;
	size_t schemas = count_schemas(&au_catalog_core) + count_schemas(&au_catalog_offers) + s->scim_schema_count;
	size_t types = count_types(&au_catalog_core) + count_types(&au_catalog_offers) + s->scim_type_count;

	m->schemas = au_arena_alloc(m->arena, (schemas + 1) * sizeof *m->schemas);
	m->types = au_arena_alloc(m->arena, (types + 1) * sizeof *m->types);
	take_built_in(m, &au_catalog_core);
	if (has_offers(s))
		take_built_in(m, &au_catalog_offers);
	m->configured = &m->schemas[m->schema_count];
}

/* ---- schemas ---- */

static bool
is_message(const char *urn)
{
	static const char prefix[] = "urn:ietf:params:scim:api:messages:";

	return strncasecmp(urn, prefix, sizeof prefix - 1) == 0;
}

static bool
has_schema_name(const struct au_catalog *catalog, const char *name)
{
	for (const struct au_schema *const *schema = catalog->schemas; *schema != NULL; schema++)
		if (au_strcaseeq((*schema)->name, name))
			return true;
	return false;
}

/* An attribute's path, URN and name, must not read like another schema's URN. */
static bool
is_path_within(const char *urn, const struct au_schema *schema)
{
	size_t len = strlen(schema->id);

	return strncasecmp(urn, schema->id, len) == 0 && urn[len] == ':' &&
	       au_attr_find(schema->attrs, urn + len + 1, strlen(urn + len + 1)) != NULL;
}

static int
check_schema(struct making *m, const struct au_block *block, const struct au_schema *schema)
{
	if (au_schema_find(&au_catalog_core, schema->id) != NULL ||
	    au_schema_find(&au_catalog_offers, schema->id) != NULL)
		return fail_at(m, block, "URN", schema->id, "is built in");
	if (is_message(schema->id))
		return fail_at(m, block, "URN", schema->id, "is that of a message, not of a resource");
	if (has_schema_name(&au_catalog_core, schema->name) || has_schema_name(&au_catalog_offers, schema->name))
		return fail_at(m, block, "schema", schema->name, "is built in");
	for (size_t i = 0; i < m->schema_count; i++)
		if (is_path_within(schema->id, m->schemas[i]) || is_path_within(m->schemas[i]->id, schema))
			return fail_at(m, block, "URN", schema->id, "reads like an attribute of another schema");
	return 0;
}

static int
make_schemas(struct making *m)
{
	const struct au_settings *s = m->settings;

	for (size_t i = 0; i < s->scim_schema_count; i++) {
		const struct au_scim_schema *from = &s->scim_schemas[i];
		struct au_schema *schema = au_arena_alloc(m->arena, sizeof *schema);
		int rc;

		*schema = (struct au_schema){ .id = au_values_str(from->block.values, "urn"),
			.name = from->block.name,
			.description = au_values_str(from->block.values, "description"),
			.attrs = make_attrs(m, from->attributes, from->attribute_count),
			.configured = true };
		if ((rc = check_schema(m, &from->block, schema)) != 0)
			return rc;
		m->schemas[m->schema_count++] = schema;
	}
	return 0;
}

/* ---- resource types ---- */

static const char *
unique_attr(const struct au_schema *schema)
{
	for (const struct au_attr *attr = schema->attrs; attr->name != NULL; attr++)
		if (attr->uniqueness != AU_ATTR_NONE)
			return attr->name;
	return NULL;
}

static const struct au_schema *
configured_schema(const struct making *m, const char *name)
{
	size_t i = 0;

	while (!au_streq(m->settings->scim_schemas[i].block.name, name))
		i++;
	return m->configured[i];
}

static int
check_type(struct making *m, const struct au_block *block, const char *endpoint)
{
	if (au_type_find(&au_catalog_core, block->name) != NULL ||
	    au_type_find(&au_catalog_offers, block->name) != NULL)
		return fail_at(m, block, "resource type", block->name, "is built in");
	for (size_t i = 0; i < m->type_count; i++)
		if (au_strcaseeq(m->types[i].name, block->name))
			return fail_at(
			    m, block, "resource type", block->name, "differs from another by letter case only");
	if (au_route_is_taken(endpoint))
		return fail_at(m, block, "endpoint", endpoint, "is built in");
	return 0;
}

static int
make_types(struct making *m)
{
	const struct au_settings *s = m->settings;

	for (size_t i = 0; i < s->scim_type_count; i++) {
		const struct au_block *block = &s->scim_types[i];
		const struct au_schema *schema = configured_schema(m, au_values_str(block->values, "schema"));
		const char *endpoint = au_values_str(block->values, "endpoint");
		int rc = check_type(m, block, endpoint);

		if (rc != 0)
			return rc;
		m->types[m->type_count++] = (struct au_resource_type){ .kind = AU_TYPE_OTHER,
			.name = block->name,
			.endpoint = endpoint,
			.description = au_values_str(block->values, "description"),
			.schema = schema,
			.name_attr = unique_attr(schema) };
	}
	return 0;
}

/* ---- extensions, and what names resource types ---- */

static bool
extends(const struct au_scim_schema *schema, const struct au_resource_type *type)
{
	const char *name = au_values_str(schema->block.values, "extends");

	return name != NULL && au_strcaseeq(name, type->name);
}

/* Built-in extensions first, so that answers show them in the same order everywhere. */
static const struct au_extension *
make_extensions(struct making *m, const struct au_resource_type *type)
{
	const struct au_settings *s = m->settings;
	size_t count = 0;
	struct au_extension *all;

	while (type->extensions != NULL && type->extensions[count].schema != NULL)
		count++;
	all = au_arena_alloc(m->arena, (count + s->scim_schema_count + 1) * sizeof *all);
	if (count > 0)
		memcpy(all, type->extensions, count * sizeof *all);
	for (size_t i = 0; i < s->scim_schema_count; i++)
		if (extends(&s->scim_schemas[i], type))
			all[count++] = (struct au_extension){ .schema = m->configured[i],
				.required = au_values_bool(s->scim_schemas[i].block.values, "required") };
	return all;
}

static bool
has_type(const struct making *m, const char *name)
{
	for (size_t i = 0; i < m->type_count; i++)
		if (au_strcaseeq(m->types[i].name, name))
			return true;
	return false;
}

static int
check_references(struct making *m, const struct au_scim_attribute *attributes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct au_values *values = attributes[i].block.values;

		for (size_t k = 0; k < au_values_count(values, "reference_types"); k++) {
			const char *name = au_values_item(values, "reference_types", k);

			if (!au_streq(name, "external") && !au_streq(name, "uri") && !has_type(m, name))
				return fail_at(m, &attributes[i].block, "resource type", name, "is not there");
		}
		if (check_references(m, attributes[i].subs, attributes[i].sub_count) != 0)
			return AU_EINVAL;
	}
	return 0;
}

/* A schema that nothing uses is most often a forgotten `extends`. */
static bool
is_used(const struct making *m, const struct au_scim_schema *schema)
{
	for (size_t i = 0; i < m->settings->scim_type_count; i++)
		if (au_streq(au_values_str(m->settings->scim_types[i].values, "schema"), schema->block.name))
			return true;
	return false;
}

static int
check_names(struct making *m)
{
	for (size_t i = 0; i < m->settings->scim_schema_count; i++) {
		const struct au_scim_schema *schema = &m->settings->scim_schemas[i];
		const char *type = au_values_str(schema->block.values, "extends");

		if (type != NULL && !has_type(m, type))
			return fail_at(m, &schema->block, "resource type", type, "is not there");
		if (type == NULL && !is_used(m, schema))
			return fail_at(m, &schema->block, "schema", schema->block.name,
			    "extends no resource type, and none has it as its schema");
		if (check_references(m, schema->attributes, schema->attribute_count) != 0)
			return AU_EINVAL;
	}
	return 0;
}

/* ---- the whole ---- */

static void
take(struct making *m, struct au_catalog *ret)
{
	const struct au_resource_type **types = au_arena_alloc(m->arena, (m->type_count + 1) * sizeof *types);

	for (size_t i = 0; i < m->type_count; i++) {
		m->types[i].extensions = make_extensions(m, &m->types[i]);
		types[i] = &m->types[i];
	}
	*ret = (struct au_catalog){ .types = types, .schemas = m->schemas };
}

int
au_catalog_new(const struct au_settings *settings, struct au_catalog **ret, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct making m = { .arena = arena, .settings = settings, .err = err };
	struct made *made;

	begin(&m);
	if (make_schemas(&m) != 0 || make_types(&m) != 0 || check_names(&m) != 0)
		return AU_EINVAL;
	made = au_arena_alloc(arena, sizeof *made);
	take(&m, &made->catalog);
	made->arena = arena;
	made->references = 1;
	arena = NULL;
	*ret = &made->catalog;
	return 0;
}

struct au_catalog *
au_catalog_hold(struct au_catalog *catalog)
{
	((struct made *)catalog)->references++;
	return catalog;
}

void
au_catalog_free(struct au_catalog *catalog)
{
	struct made *made = (struct made *)catalog;

	if (made != NULL && --made->references == 0)
		au_arena_free(made->arena);
}
