/* SPDX-License-Identifier: ISC */
/* The core schema of a group and the enterprise extension of a user (RFC 7643 sections 4.2 and 4.3). */
#include "scim/schema.h"

static const char *const member_types[] = { "User", "Group", NULL };
static const char *const user_reference[] = { "User", NULL };

static const struct au_attr member_subs[] = {
	{ .name = "value",
	    .description = "Identifier of the member.",
	    .mutability = AU_ATTR_IMMUTABLE,
	    .case_exact = true },
	{ .name = "$ref",
	    .description = "URI of the member.",
	    .type = AU_ATTR_REFERENCE,
	    .mutability = AU_ATTR_IMMUTABLE,
	    .case_exact = true,
	    .references = member_types },
	{ .name = "display",
	    .description = "Name of the member as the client wrote it.",
	    .mutability = AU_ATTR_IMMUTABLE },
	{ .name = "type",
	    .description = "Resource type of the member.",
	    .mutability = AU_ATTR_IMMUTABLE,
	    .canonical = member_types },
	{ .name = NULL },
};

static const struct au_attr group_attrs[] = {
	{ .name = "displayName",
	    .description = "Name of the group; unique within one client.",
	    .uniqueness = AU_ATTR_SERVER,
	    .required = true,
	    .indexed = true },
	{ .name = "members",
	    .description = "Members of the group, users or groups; added and removed as a whole.",
	    .type = AU_ATTR_COMPLEX,
	    .multi = true,
	    .in_rows = true,
	    .subs = member_subs },
	{ .name = NULL },
};

const struct au_schema au_schema_group = {
	.id = "urn:ietf:params:scim:schemas:core:2.0:Group",
	.name = "Group",
	.description = "A group.",
	.attrs = group_attrs,
};

static const struct au_attr manager_subs[] = {
	{ .name = "value", .description = "Identifier of the manager.", .case_exact = true },
	{ .name = "$ref",
	    .description = "URI of the manager.",
	    .type = AU_ATTR_REFERENCE,
	    .case_exact = true,
	    .references = user_reference },
	{ .name = "displayName", .description = "Name of the manager.", .mutability = AU_ATTR_READ_ONLY },
	{ .name = NULL },
};

static const struct au_attr enterprise_attrs[] = {
	{ .name = "employeeNumber",
	    .description = "Number or code of the person in the organization.",
	    .indexed = true },
	{ .name = "costCenter", .description = "Cost centre." },
	{ .name = "organization", .description = "Organization." },
	{ .name = "division", .description = "Division." },
	{ .name = "department", .description = "Department." },
	{ .name = "manager", .description = "The user's manager.", .type = AU_ATTR_COMPLEX, .subs = manager_subs },
	{ .name = NULL },
};

const struct au_schema au_schema_enterprise = {
	.id = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
	.name = "EnterpriseUser",
	.description = "What organizations add to a user.",
	.attrs = enterprise_attrs,
};
