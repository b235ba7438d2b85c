/* SPDX-License-Identifier: ISC */
/* How the options of an attribute go together is a table of rules, like those of a source. */
#include "settings/settings_scim.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

static const char name_chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_$";

static const struct au_raw *
line_of(const struct au_raw *block, const char *option)
{
	const struct au_raw *member = au_raw_member(block, option);

	return member ? member : block;
}

/* ---- attributes ---- */

/* Where an attribute stands: the rules differ. */
struct place {
	bool is_sub;
	bool in_extension;
};

static bool
is(const struct au_values *values, const char *option, const char *word)
{
	return au_streq(au_values_str(values, option), word);
}

static bool
complex_sub(const struct au_values *values, const struct au_raw *raw, const struct place *place)
{
	(void)raw;
	return place->is_sub && is(values, "type", "complex");
}

static bool
complex_without_subs(const struct au_values *values, const struct au_raw *raw, const struct place *place)
{
	const struct au_raw *subs = au_raw_member(raw, "sub_attributes");

	(void)place;
	return is(values, "type", "complex") && (!subs || subs->count == 0);
}

static bool
subs_without_complex(const struct au_values *values, const struct au_raw *raw, const struct place *place)
{
	(void)place;
	return !is(values, "type", "complex") && au_raw_member(raw, "sub_attributes");
}

static bool
canonical_without_string(const struct au_values *values, const struct au_raw *raw, const struct place *place)
{
	(void)raw;
	(void)place;
	return au_values_count(values, "canonical_values") > 0 && !is(values, "type", "string");
}

static bool
types_without_reference(const struct au_values *values, const struct au_raw *raw, const struct place *place)
{
	(void)raw;
	(void)place;
	return au_values_count(values, "reference_types") > 0 && !is(values, "type", "reference");
}

static bool
required_but_read_only(const struct au_values *values, const struct au_raw *raw, const struct place *place)
{
	(void)raw;
	(void)place;
	return au_values_bool(values, "required") && is(values, "mutability", "readOnly");
}

static bool
write_only_or_never(const struct au_values *values, const struct au_raw *raw, const struct place *place)
{
	(void)raw;
	(void)place;
	return is(values, "mutability", "writeOnly") != is(values, "returned", "never");
}

static bool
required_but_never(const struct au_values *values, const struct au_raw *raw, const struct place *place)
{
	(void)raw;
	(void)place;
	return au_values_bool(values, "required") && is(values, "returned", "never");
}

static bool
indexed_but_no_text(const struct au_values *values, const struct au_raw *raw, const struct place *place)
{
	(void)raw;
	(void)place;
	return au_values_bool(values, "indexed") &&
	       ((!is(values, "type", "string") && !is(values, "type", "reference")) || is(values, "returned", "never"));
}

static bool
unique_elsewhere(const struct au_values *values, const struct au_raw *raw, const struct place *place)
{
	(void)raw;
	return is(values, "uniqueness", "server") && (place->is_sub || place->in_extension);
}

static bool
unique_but_no_text(const struct au_values *values, const struct au_raw *raw, const struct place *place)
{
	(void)raw;
	(void)place;
	return is(values, "uniqueness", "server") &&
	       (!is(values, "type", "string") || au_values_bool(values, "multi_valued") ||
		   au_values_bool(values, "case_exact") || is(values, "returned", "never"));
}

/* A rule on how an attribute's options go together: the option that is told of, and what must not be. */
static const struct attribute_rule {
	const char *option;
	bool (*is_broken)(const struct au_values *values, const struct au_raw *raw, const struct place *place);
	const char *text;
} attribute_rules[] = {
	{ "type", complex_sub, "a sub-attribute cannot be complex" },
	{ "type", complex_without_subs, "a complex attribute needs sub_attributes" },
	{ "sub_attributes", subs_without_complex, "only a complex attribute has sub_attributes" },
	{ "canonical_values", canonical_without_string, "only a string has canonical_values" },
	{ "reference_types", types_without_reference, "only a reference has reference_types" },
	{ "required", required_but_read_only, "nobody could give a value to what is required and readOnly" },
	{ "mutability", write_only_or_never, "mutability \"writeOnly\" and returned \"never\" go together" },
	{ "required", required_but_never, "what is never returned is not kept, so it cannot be required" },
	{ "indexed", indexed_but_no_text, "only a string or reference that is kept can be indexed" },
	{ "uniqueness", unique_elsewhere, "only an attribute of a resource type's own schema can be unique" },
	{ "uniqueness", unique_but_no_text,
	    "what is unique is a single string that is compared without regard to case" },
};

static int
check_attribute(const struct au_reading *r, const struct au_raw *raw, const struct au_values *values, const char *name,
    const struct place *place)
{
	for (size_t i = 0; i < AU_COUNT(attribute_rules); i++) {
		const struct attribute_rule *rule = &attribute_rules[i];
		if (rule->is_broken(values, raw, place))
			return au_raw_fail(
			    line_of(raw, rule->option), r->err, AU_EINVAL, "attribute '%s': %s", name, rule->text);
	}
	return 0;
}

/* RFC 7643 section 2.1; $ref is the one name of a reference's URI. */
static int
check_attribute_name(const struct au_reading *r, const struct au_raw *raw, const char *name, const struct place *place)
{
	static const char *const common[] = { "schemas", "id", "externalId", "meta" };
	bool is_ref = place->is_sub && au_streq(name, "$ref");

	if (!is_ref && (!isalpha((unsigned char)*name) || name[strspn(name, name_chars)] != '\0'))
		return au_raw_fail(line_of(raw, "name"), r->err, AU_EINVAL,
		    "attribute '%s': expected a letter, then letters, digits, '-', '_' or '$'", name);
	for (size_t i = 0; !place->is_sub && i < AU_COUNT(common); i++)
		if (au_strcaseeq(name, common[i]))
			return au_raw_fail(line_of(raw, "name"), r->err, AU_EINVAL,
			    "attribute '%s': every resource has '%s' already", name, common[i]);
	return 0;
}

static int
check_not_twice(const struct au_reading *r, const struct au_raw *raw, const struct au_scim_attribute *earlier,
    size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (au_strcaseeq(earlier[i].block.name, name))
			return au_raw_fail(line_of(raw, "name"), r->err, AU_EINVAL,
			    "attribute '%s' stands already at %s:%d", name, earlier[i].block.file,
			    earlier[i].block.line);
	return 0;
}

static int read_attributes(const struct au_reading *r, const struct au_section *section, const struct au_raw *block,
    const struct place *place, struct au_scim_attribute **ret, size_t *ret_count);

static int
read_attribute(const struct au_reading *r, const struct au_section *section, const struct au_raw *raw,
    const struct place *place, struct au_scim_attribute *ret)
{
	struct place inner = { .is_sub = true, .in_extension = place->in_extension };
	struct au_scim_attribute attribute = { .subs = NULL };
	struct au_values *values;
	const char *name;
	int rc = au_reading_values(r, section, raw, &values);

	if (rc < 0)
		return rc;
	name = au_values_str(values, "name");
	rc = check_attribute_name(r, raw, name, place);
	if (rc == 0)
		rc = check_attribute(r, raw, values, name, place);
	if (rc == 0 && au_raw_member(raw, "sub_attributes"))
		rc = read_attributes(r, section->nested[0], raw, &inner, &attribute.subs, &attribute.sub_count);
	attribute.block = (struct au_block){ .name = name, .values = values, .file = raw->file, .line = raw->line };
	if (rc == 0)
		*ret = attribute;
	return rc;
}

/* Nesting ends where it is refused: a sub-attribute has no section below it. */
static int
read_attributes(const struct au_reading *r, const struct au_section *section, const struct au_raw *block,
    const struct place *place, struct au_scim_attribute **ret, size_t *ret_count)
{
	const struct au_raw *list = au_raw_member(block, section->name);
	struct au_scim_attribute *all;

	if (!list || list->kind != AU_RAW_LIST)
		return au_raw_fail(list ? list : block, r->err, AU_EINVAL,
		    "option '%s': expected a list of groups, found %s", section->name,
		    list ? au_raw_type(list) : "nothing");
	all = au_arena_alloc(r->settings->arena, (list->count + 1) * sizeof *all);
	for (size_t i = 0; i < list->count; i++) {
		int rc = read_attribute(r, section, &list->members[i], place, &all[i]);
		if (rc == 0)
			rc = check_not_twice(r, &list->members[i], all, i, all[i].block.name);
		if (rc < 0)
			return rc;
	}
	*ret = all;
	*ret_count = list->count;
	return 0;
}

/* ---- schemas ---- */

/* What RFC 8141 allows and attribute paths and URLs can hold as it is. */
static bool
is_urn(const char *text)
{
	size_t len = strlen(text);
	const char *nss;

	if (strncasecmp(text, "urn:", 4) != 0 || text[strspn(text, "-._:0123456789abcdefghijklmnopqrstuvwxyz"
								   "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] != '\0')
		return false;
	nss = strchr(text + 4, ':');
	return nss && nss - text >= 6 && isalnum((unsigned char)text[4]) && isalnum((unsigned char)nss[-1]) &&
	       nss[1] != '\0' && nss[1] != ':' && text[len - 1] != ':';
}

static int
check_urn(const struct au_reading *r, const struct au_raw *raw, const struct au_scim_schema *schema)
{
	const struct au_settings *s = r->settings;
	const char *urn = au_values_str(schema->block.values, "urn");

	if (!is_urn(urn))
		return au_raw_fail(line_of(raw, "urn"), r->err, AU_EINVAL,
		    "URN '%s': expected \"urn:NAMESPACE:NAME\" of letters, digits, '.', '-', '_' and ':'", urn);
	for (size_t i = 0; i < s->scim_schema_count; i++)
		if (au_strcaseeq(au_values_str(s->scim_schemas[i].block.values, "urn"), urn))
			return au_raw_fail(line_of(raw, "urn"), r->err, AU_EINVAL,
			    "URN '%s' is that of schema '%s' already", urn, s->scim_schemas[i].block.name);
	return 0;
}

static int
check_schema(const struct au_reading *r, const struct au_raw *raw, const struct au_scim_schema *schema)
{
	const struct au_scim_attribute *unique = NULL;

	if (schema->attribute_count == 0)
		return au_raw_fail(
		    line_of(raw, "attributes"), r->err, AU_EINVAL, "schema '%s' has no attributes", schema->block.name);
	if (au_values_bool(schema->block.values, "required") && !au_values_str(schema->block.values, "extends"))
		return au_raw_fail(line_of(raw, "required"), r->err, AU_EINVAL,
		    "option 'required': only an extension can be required, give 'extends' beside it");
	for (size_t i = 0; i < schema->attribute_count; i++) {
		const struct au_scim_attribute *attribute = &schema->attributes[i];
		if (!is(attribute->block.values, "uniqueness", "server"))
			continue;
		if (unique)
			return au_err_prefix(r->err,
			    au_fail(r->err, AU_EINVAL, "attribute '%s': '%s' is the schema's unique one already",
				attribute->block.name, unique->block.name),
			    "%s:%d", attribute->block.file, attribute->block.line);
		unique = attribute;
	}
	return check_urn(r, raw, schema);
}

static int
read_schema(
    const struct au_reading *r, const struct au_section *section, const struct au_raw *raw, struct au_scim_schema *ret)
{
	struct au_scim_schema schema = { .attributes = NULL };
	struct place place = { .is_sub = false };
	int rc = au_reading_block(r, section, raw, &schema.block);

	if (rc < 0)
		return rc;
	place.in_extension = au_values_str(schema.block.values, "extends") != NULL;
	rc = read_attributes(r, section->nested[0], raw, &place, &schema.attributes, &schema.attribute_count);
	if (rc == 0)
		rc = check_schema(r, raw, &schema);
	if (rc == 0)
		*ret = schema;
	return rc;
}

int
au_reading_scim_schemas(struct au_reading *r)
{
	struct au_settings *s = r->settings;
	struct au_blocks list;
	int rc = au_reading_list(r, "scim_schemas", &list);

	if (rc < 0)
		return rc;
	s->scim_schemas = au_arena_alloc(s->arena, (list.count + 1) * sizeof *s->scim_schemas);
	for (size_t i = 0; rc == 0 && i < list.count; i++) {
		rc = read_schema(r, list.section, &list.raw[i], &s->scim_schemas[i]);
		s->scim_schema_count += rc == 0;
	}
	return rc;
}

/* ---- resource types ---- */

static const struct au_scim_schema *
schema_named(const struct au_settings *s, const char *name)
{
	for (size_t i = 0; i < s->scim_schema_count; i++)
		if (au_streq(s->scim_schemas[i].block.name, name))
			return &s->scim_schemas[i];
	return NULL;
}

static int
check_endpoint(const struct au_reading *r, const struct au_raw *raw, const char *endpoint)
{
	const struct au_settings *s = r->settings;

	if (endpoint[0] != '/' || !isalpha((unsigned char)endpoint[1]) ||
	    endpoint[1 + strspn(endpoint + 1, name_chars)] != '\0' || strchr(endpoint, '$'))
		return au_raw_fail(line_of(raw, "endpoint"), r->err, AU_EINVAL,
		    "endpoint '%s': expected '/' and a letter, then letters, digits, '-' or '_'", endpoint);
	for (size_t i = 0; i < s->scim_type_count; i++)
		if (au_strcaseeq(au_values_str(s->scim_types[i].values, "endpoint"), endpoint))
			return au_raw_fail(line_of(raw, "endpoint"), r->err, AU_EINVAL,
			    "endpoint '%s' is that of resource type '%s' already", endpoint, s->scim_types[i].name);
	return 0;
}

static int
check_schema_of(const struct au_reading *r, const struct au_raw *raw, const char *name)
{
	const struct au_settings *s = r->settings;
	const struct au_scim_schema *schema = schema_named(s, name);

	if (!schema)
		return au_raw_fail(line_of(raw, "schema"), r->err, AU_EINVAL, "schema '%s' is not there", name);
	if (au_values_str(schema->block.values, "extends"))
		return au_raw_fail(line_of(raw, "schema"), r->err, AU_EINVAL, "schema '%s' is an extension of '%s'",
		    name, au_values_str(schema->block.values, "extends"));
	for (size_t i = 0; i < s->scim_type_count; i++)
		if (au_streq(au_values_str(s->scim_types[i].values, "schema"), name))
			return au_raw_fail(line_of(raw, "schema"), r->err, AU_EINVAL,
			    "schema '%s' is that of resource type '%s' already", name, s->scim_types[i].name);
	return 0;
}

int
au_reading_scim_types(struct au_reading *r)
{
	struct au_settings *s = r->settings;
	struct au_blocks list;
	int rc = au_reading_list(r, "scim_resource_types", &list);

	if (rc < 0)
		return rc;
	s->scim_types = au_arena_alloc(s->arena, (list.count + 1) * sizeof *s->scim_types);
	for (size_t i = 0; rc == 0 && i < list.count; i++) {
		struct au_block *type = &s->scim_types[i];
		rc = au_reading_block(r, list.section, &list.raw[i], type);
		if (rc == 0)
			rc = check_endpoint(r, &list.raw[i], au_values_str(type->values, "endpoint"));
		if (rc == 0)
			rc = check_schema_of(r, &list.raw[i], au_values_str(type->values, "schema"));
		s->scim_type_count += rc == 0;
	}
	return rc;
}
