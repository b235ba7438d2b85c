/* SPDX-License-Identifier: ISC */
/*
 * Roles and entitlements that a client may give (draft-ietf-scim-roles-entitlements-01), and what they stand for here.
 * All of it is read only: it follows from the rules of the configuration.
 */
#include "scim/schema.h"

/* The draft gives both the same attributes. */
static const struct au_attr offer_attrs[] = {
	{ .name = "value",
	    .description = "What to write into the user's attribute.",
	    .mutability = AU_ATTR_READ_ONLY,
	    .required = true },
	{ .name = "display", .description = "Name that is shown to people.", .mutability = AU_ATTR_READ_ONLY },
	{ .name = "type",
	    .description = "Target in which it counts, when that is one only.",
	    .mutability = AU_ATTR_READ_ONLY },
	{ .name = "supported",
	    .description = "Whether it can be given.",
	    .type = AU_ATTR_BOOLEAN,
	    .mutability = AU_ATTR_READ_ONLY },
	{ .name = "limitedAssignmentsPermitted",
	    .description = "Whether only so many users may have it.",
	    .type = AU_ATTR_BOOLEAN,
	    .mutability = AU_ATTR_READ_ONLY },
	{ .name = "totalAssignmentsPermitted",
	    .description = "How many users may have it, when that is limited.",
	    .type = AU_ATTR_INTEGER,
	    .mutability = AU_ATTR_READ_ONLY },
	{ .name = "totalAssignmentsUsed",
	    .description = "How many users of this client have it.",
	    .type = AU_ATTR_INTEGER,
	    .mutability = AU_ATTR_READ_ONLY },
	{ .name = "containedBy",
	    .description = "Values of others that include it.",
	    .mutability = AU_ATTR_READ_ONLY,
	    .multi = true },
	{ .name = "contains",
	    .description = "Values of others that it includes.",
	    .mutability = AU_ATTR_READ_ONLY,
	    .multi = true },
	{ .name = NULL },
};

static const struct au_schema role_schema = {
	.id = "urn:ietf:params:scim:schemas:core:2.0:Role",
	.name = "Role",
	.description = "A role that the client may give to its users.",
	.attrs = offer_attrs,
};

static const struct au_schema entitlement_schema = {
	.id = "urn:ietf:params:scim:schemas:core:2.0:Entitlement",
	.name = "Entitlement",
	.description = "An entitlement that the client may give to its users.",
	.attrs = offer_attrs,
};

static const struct au_attr template_subs[] = {
	{ .name = "value",
	    .description = "Name of the template.",
	    .mutability = AU_ATTR_READ_ONLY,
	    .case_exact = true },
	{ .name = "display", .description = "What the template is for.", .mutability = AU_ATTR_READ_ONLY },
	{ .name = "target",
	    .description = "Name of the target whose rights it gives.",
	    .mutability = AU_ATTR_READ_ONLY,
	    .case_exact = true },
	{ .name = "product", .description = "Product that the target is.", .mutability = AU_ATTR_READ_ONLY },
	{ .name = "rule",
	    .description = "Name of the rule that gives the template.",
	    .mutability = AU_ATTR_READ_ONLY,
	    .case_exact = true },
	{ .name = NULL },
};

static const struct au_attr template_attrs[] = {
	{ .name = "templates",
	    .description = "Sets of rights that a user gets with it.",
	    .type = AU_ATTR_COMPLEX,
	    .mutability = AU_ATTR_READ_ONLY,
	    .multi = true,
	    .subs = template_subs },
	{ .name = NULL },
};

const struct au_schema au_schema_template = {
	.id = "urn:ietf:params:scim:schemas:extension:apiuserd:2.0:Template",
	.name = "Template",
	.description = "What a role or an entitlement gives here.",
	.attrs = template_attrs,
};

static const struct au_extension offer_extensions[] = { { &au_schema_template, false }, { NULL, false } };

const struct au_resource_type au_type_role = {
	.kind = AU_TYPE_ROLE,
	.name = "Role",
	.endpoint = "/Roles",
	.description = "Roles that rules of this client name.",
	.schema = &role_schema,
	.extensions = offer_extensions,
};

const struct au_resource_type au_type_entitlement = {
	.kind = AU_TYPE_ENTITLEMENT,
	.name = "Entitlement",
	.endpoint = "/Entitlements",
	.description = "Entitlements that rules of this client name.",
	.schema = &entitlement_schema,
	.extensions = offer_extensions,
};

const struct au_catalog au_catalog_offers = {
	.types = (const struct au_resource_type *const[]){ &au_type_role, &au_type_entitlement, NULL },
	.schemas = (const struct au_schema *const[]){ &role_schema, &entitlement_schema, &au_schema_template, NULL },
};

/* ---- as Okta wants them ---- */

static const struct au_attr okta_attrs[] = {
	{ .name = "displayName",
	    .description = "Name that is shown to people.",
	    .mutability = AU_ATTR_READ_ONLY,
	    .required = true },
	{ .name = "type",
	    .description = "Target in which it counts, when that is one only.",
	    .mutability = AU_ATTR_READ_ONLY },
	{ .name = "description", .description = "What it is for.", .mutability = AU_ATTR_READ_ONLY },
	{ .name = "value",
	    .description = "What the user's attribute may hold in place of the id.",
	    .mutability = AU_ATTR_READ_ONLY },
	{ .name = NULL },
};

static const struct au_schema okta_role_schema = {
	.id = "urn:okta:scim:schemas:core:1.0:Role",
	.name = "Role",
	.description = "A role that the client may give to its users.",
	.attrs = okta_attrs,
};

static const struct au_schema okta_entitlement_schema = {
	.id = "urn:okta:scim:schemas:core:1.0:Entitlement",
	.name = "Entitlement",
	.description = "An entitlement that the client may give to its users.",
	.attrs = okta_attrs,
};

static const struct au_resource_type okta_role = {
	.kind = AU_TYPE_ROLE,
	.name = "Role",
	.endpoint = "/Roles",
	.description = "Roles that rules of this client name.",
	.schema = &okta_role_schema,
	.extensions = offer_extensions,
};

static const struct au_resource_type okta_entitlement = {
	.kind = AU_TYPE_ENTITLEMENT,
	.name = "Entitlement",
	.endpoint = "/Entitlements",
	.description = "Entitlements that rules of this client name.",
	.schema = &okta_entitlement_schema,
	.extensions = offer_extensions,
};

const struct au_resource_type *
au_type_for_okta(const struct au_resource_type *type)
{
	if (type->kind == AU_TYPE_ROLE)
		return &okta_role;
	return type->kind == AU_TYPE_ENTITLEMENT ? &okta_entitlement : type;
}

const struct au_schema *
au_schema_for_okta(const struct au_schema *schema)
{
	if (schema == &role_schema)
		return &okta_role_schema;
	return schema == &entitlement_schema ? &okta_entitlement_schema : schema;
}
