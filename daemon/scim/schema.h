/* SPDX-License-Identifier: ISC */
/*
 * Schemas, resource types and their attributes as rows (RFC 7643 sections 2,
 * 6, 7).  Everything that reads or changes a resource asks these rows, so a
 * new attribute is a new row and an extension may come from configuration.
 */
#ifndef SCIM_SCHEMA_H
#define SCIM_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* The first of each enum is the default of RFC 7643 section 2.2, so rows name only what differs. */
enum au_attr_type {
	AU_ATTR_STRING = 0,
	AU_ATTR_BOOLEAN,
	AU_ATTR_DECIMAL,
	AU_ATTR_INTEGER,
	AU_ATTR_DATETIME,
	AU_ATTR_BINARY,
	AU_ATTR_REFERENCE,
	AU_ATTR_COMPLEX,
};
enum au_attr_mutability { AU_ATTR_READ_WRITE = 0, AU_ATTR_READ_ONLY, AU_ATTR_IMMUTABLE, AU_ATTR_WRITE_ONLY };
enum au_attr_returned { AU_ATTR_DEFAULT = 0, AU_ATTR_ALWAYS, AU_ATTR_NEVER, AU_ATTR_REQUEST };
enum au_attr_uniqueness { AU_ATTR_NONE = 0, AU_ATTR_SERVER, AU_ATTR_GLOBAL };

struct au_attr {
	const char *name; /* NULL ends a table */
	const char *description;
	enum au_attr_type type;
	enum au_attr_mutability mutability;
	enum au_attr_returned returned;
	enum au_attr_uniqueness uniqueness;
	bool multi, required, case_exact;
	bool in_rows;                  /* kept as rows of the store and not in the document: a group's members */
	bool indexed;                  /* resources are looked up by it: text only, whether single or multi-valued */
	bool derived;                  /* kept by the service provider whatever a client writes: schemas */
	const char *const *canonical;  /* NULL-terminated; NULL = none named */
	const char *const *references; /* NULL-terminated; "external", "uri" or names of resource types */
	const struct au_attr *subs;    /* complex ones only */
};

struct au_schema {
	const char *id; /* URN */
	const char *name;
	const char *description;
	const struct au_attr *attrs;
	bool configured; /* of this deployment: may have been another when a stored document was written */
};

struct au_extension {
	const struct au_schema *schema; /* NULL ends a table */
	bool required;
};

/* Roles and entitlements are what rules let a client give; they are read only. */
enum au_type_kind { AU_TYPE_OTHER = 0, AU_TYPE_USER, AU_TYPE_GROUP, AU_TYPE_ROLE, AU_TYPE_ENTITLEMENT };

struct au_resource_type {
	enum au_type_kind kind; /* users and groups are stated as facts; others are only kept */
	const char *name;     /* "User" */
	const char *endpoint; /* "/Users" */
	const char *description;
	const struct au_schema *schema;
	const struct au_extension *extensions;
	const char *name_attr; /* the attribute that is unique within client and type; NULL = none */
};

/* What one service provider offers. */
struct au_catalog {
	const struct au_resource_type *const *types; /* NULL-terminated */
	const struct au_schema *const *schemas;      /* NULL-terminated: all that /Schemas lists */
};

extern const struct au_attr au_common_attrs[]; /* schemas, id, externalId, meta: RFC 7643 section 3.1 */
extern const struct au_schema au_schema_user, au_schema_group, au_schema_enterprise, au_schema_apiuser,
    au_schema_account;
extern const struct au_schema au_schema_provider_config, au_schema_resource_type, au_schema_schema;
extern const struct au_resource_type au_type_user, au_type_group;
extern const struct au_schema au_schema_template; /* extension of roles and entitlements */
extern const struct au_resource_type au_type_role, au_type_entitlement;
/* Roles and entitlements as Okta wants them (AU_QUIRK_OKTA_OFFERS); anything else is given back as it is. */
const struct au_resource_type *au_type_for_okta(const struct au_resource_type *type);
const struct au_schema *au_schema_for_okta(const struct au_schema *schema);
extern const struct au_catalog au_catalog_offers; /* roles and entitlements, where rules name any */
extern const struct au_catalog au_catalog_core; /* what is built in; scim/catalog.h adds what is configured */

/* Look-ups compare names and URNs without regard to case (RFC 7643 section 2.1).  NULL when there is none. */
const struct au_attr *au_attr_find(const struct au_attr *table, const char *name, size_t len);
const struct au_schema *au_schema_find(const struct au_catalog *catalog, const char *urn);
const struct au_resource_type *au_type_find(const struct au_catalog *catalog, const char *name);
/* An extension of this type by URN. */
const struct au_schema *au_type_extension(const struct au_resource_type *type, const char *urn, size_t len);
bool au_type_is_offer(const struct au_resource_type *type); /* roles, entitlements */
/* Whether text is the URN of the type's own schema. */
bool au_type_is_core(const struct au_resource_type *type, const char *urn, size_t len);

const char *au_attr_type_name(enum au_attr_type type);
const char *au_attr_mutability_name(enum au_attr_mutability mutability);
const char *au_attr_returned_name(enum au_attr_returned returned);
const char *au_attr_uniqueness_name(enum au_attr_uniqueness uniqueness);
/* And back; a word that is none gives the default. */
enum au_attr_type au_attr_type_named(const char *word);
enum au_attr_mutability au_attr_mutability_named(const char *word);
enum au_attr_returned au_attr_returned_named(const char *word);
enum au_attr_uniqueness au_attr_uniqueness_named(const char *word);

/* Whether this is the password of a user: taken from clients or not by their option `password`, and never kept. */
bool au_attr_is_password(const struct au_attr *attr);

/* As /Schemas and /ResourceTypes show them, without meta.  New references. */
json_t *au_schema_json(const struct au_schema *schema);
json_t *au_type_json(const struct au_resource_type *type);

#endif
