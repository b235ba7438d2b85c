/* SPDX-License-Identifier: ISC */
/* Look-ups in the rows, the rows that every resource shares, and what is offered by default. */
#include "scim/schema.h"

#include "base/mem.h"
#include "base/str.h"

#include <string.h>
#include <strings.h>

static const struct au_attr meta_subs[] = {
	{ .name = "resourceType",
	    .description = "Name of the resource type.",
	    .mutability = AU_ATTR_READ_ONLY,
	    .case_exact = true },
	{ .name = "created",
	    .description = "When the resource was created here.",
	    .type = AU_ATTR_DATETIME,
	    .mutability = AU_ATTR_READ_ONLY,
	    .indexed = true },
	{ .name = "lastModified",
	    .description = "When the resource last changed here.",
	    .type = AU_ATTR_DATETIME,
	    .mutability = AU_ATTR_READ_ONLY,
	    .indexed = true },
	{ .name = "location",
	    .description = "URI of the resource.",
	    .type = AU_ATTR_REFERENCE,
	    .mutability = AU_ATTR_READ_ONLY,
	    .case_exact = true },
	{ .name = "version",
	    .description = "Entity tag of the resource.",
	    .mutability = AU_ATTR_READ_ONLY,
	    .case_exact = true },
	{ .name = NULL },
};

const struct au_attr au_common_attrs[] = {
	{ .name = "schemas",
	    .description = "URIs of the schemas in use.",
	    .type = AU_ATTR_REFERENCE,
	    .returned = AU_ATTR_ALWAYS,
	    .multi = true,
	    .derived = true },
	{ .name = "id",
	    .description = "Identifier issued by this service provider; never used again.",
	    .mutability = AU_ATTR_READ_ONLY,
	    .returned = AU_ATTR_ALWAYS,
	    .uniqueness = AU_ATTR_SERVER,
	    .case_exact = true,
	    .indexed = true },
	{ .name = "externalId",
	    .description = "Identifier issued by the client.",
	    .case_exact = true,
	    .indexed = true },
	{ .name = "meta",
	    .description = "Facts about the resource itself.",
	    .type = AU_ATTR_COMPLEX,
	    .mutability = AU_ATTR_READ_ONLY,
	    .subs = meta_subs },
	{ .name = NULL },
};

static const struct au_extension no_extensions[] = { { NULL, false } };
static const struct au_extension user_extensions[] = { { &au_schema_enterprise, false }, { &au_schema_apiuser, false },
	{ &au_schema_account, false }, { NULL, false } };

const struct au_resource_type au_type_user = {
	.kind = AU_TYPE_USER,
	.name = "User",
	.endpoint = "/Users",
	.description = "A person or an application that may become an API user.",
	.schema = &au_schema_user,
	.extensions = user_extensions,
	.name_attr = "userName",
};

const struct au_resource_type au_type_group = {
	.kind = AU_TYPE_GROUP,
	.name = "Group",
	.endpoint = "/Groups",
	.description = "A group whose members rules may refer to.",
	.schema = &au_schema_group,
	.extensions = no_extensions,
	.name_attr = "displayName",
};

const struct au_catalog au_catalog_core = {
	.types = (const struct au_resource_type *const[]){ &au_type_user, &au_type_group, NULL },
	.schemas = (const struct au_schema *const[]){ &au_schema_user, &au_schema_group, &au_schema_enterprise,
	    &au_schema_apiuser, &au_schema_account, &au_schema_provider_config, &au_schema_resource_type,
	    &au_schema_schema, NULL },
};

static bool
same_name(const char *name, const char *text, size_t len)
{
	return strlen(name) == len && strncasecmp(name, text, len) == 0;
}

const struct au_attr *
au_attr_find(const struct au_attr *table, const char *name, size_t len)
{
	for (const struct au_attr *attr = table; attr != NULL && attr->name != NULL; attr++)
		if (same_name(attr->name, name, len))
			return attr;
	return NULL;
}

const struct au_schema *
au_schema_find(const struct au_catalog *catalog, const char *urn)
{
	for (const struct au_schema *const *schema = catalog->schemas; *schema != NULL; schema++)
		if (same_name((*schema)->id, urn, strlen(urn)))
			return *schema;
	return NULL;
}

const struct au_resource_type *
au_type_find(const struct au_catalog *catalog, const char *name)
{
	for (const struct au_resource_type *const *type = catalog->types; *type != NULL; type++)
		if (same_name((*type)->name, name, strlen(name)))
			return *type;
	return NULL;
}

const struct au_schema *
au_type_extension(const struct au_resource_type *type, const char *urn, size_t len)
{
	for (const struct au_extension *extension = type->extensions; extension->schema != NULL; extension++)
		if (same_name(extension->schema->id, urn, len))
			return extension->schema;
	return NULL;
}

bool
au_type_is_offer(const struct au_resource_type *type)
{
	return type->kind == AU_TYPE_ROLE || type->kind == AU_TYPE_ENTITLEMENT;
}

bool
au_type_is_core(const struct au_resource_type *type, const char *urn, size_t len)
{
	return same_name(type->schema->id, urn, len);
}

bool
au_attr_is_password(const struct au_attr *attr)
{
	static const char name[] = "password";

	return attr == au_attr_find(au_schema_user.attrs, name, sizeof name - 1);
}

/* ---- the words of the enums ---- */

static const char *const types[] = { "string", "boolean", "decimal", "integer", "dateTime", "binary", "reference",
	"complex", NULL };
static const char *const mutabilities[] = { "readWrite", "readOnly", "immutable", "writeOnly", NULL };
static const char *const returneds[] = { "default", "always", "never", "request", NULL };
static const char *const uniquenesses[] = { "none", "server", "global", NULL };

static unsigned
index_of(const char *const *words, const char *word)
{
	for (unsigned i = 0; words[i] != NULL; i++)
		if (au_streq(words[i], word))
			return i;
	return 0;
}

const char *
au_attr_type_name(enum au_attr_type type)
{
	return types[type];
}

enum au_attr_type
au_attr_type_named(const char *word)
{
	return (enum au_attr_type)index_of(types, word);
}

const char *
au_attr_mutability_name(enum au_attr_mutability mutability)
{
	return mutabilities[mutability];
}

enum au_attr_mutability
au_attr_mutability_named(const char *word)
{
	return (enum au_attr_mutability)index_of(mutabilities, word);
}

const char *
au_attr_returned_name(enum au_attr_returned returned)
{
	return returneds[returned];
}

enum au_attr_returned
au_attr_returned_named(const char *word)
{
	return (enum au_attr_returned)index_of(returneds, word);
}

const char *
au_attr_uniqueness_name(enum au_attr_uniqueness uniqueness)
{
	return uniquenesses[uniqueness];
}

enum au_attr_uniqueness
au_attr_uniqueness_named(const char *word)
{
	return (enum au_attr_uniqueness)index_of(uniquenesses, word);
}
