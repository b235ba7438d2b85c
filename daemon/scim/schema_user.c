/* SPDX-License-Identifier: ISC */
/* The core schema of a user (RFC 7643 sections 4.1 and 8.7.1). */
#include "scim/schema.h"

static const char *const place_types[] = { "work", "home", "other", NULL };
static const char *const phone_types[] = { "work", "home", "mobile", "fax", "pager", "other", NULL };
static const char *const im_types[] = { "aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo", NULL };
static const char *const photo_types[] = { "photo", "thumbnail", NULL };
static const char *const group_types[] = { "direct", "indirect", NULL };
static const char *const external[] = { "external", NULL };
static const char *const group_reference[] = { "Group", NULL };

static const struct au_attr name_subs[] = {
	{ .name = "formatted", .description = "Whole name as it is shown." },
	{ .name = "familyName", .description = "Family name; last name in most Western languages.", .indexed = true },
	{ .name = "givenName", .description = "Given name; first name in most Western languages." },
	{ .name = "middleName", .description = "Middle names." },
	{ .name = "honorificPrefix", .description = "Title in front of the name." },
	{ .name = "honorificSuffix", .description = "Suffix behind the name." },
	{ .name = NULL },
};

static const struct au_attr email_subs[] = {
	{ .name = "value", .description = "Mail address.", .indexed = true },
	{ .name = "display", .description = "How the value is shown to people." },
	{ .name = "type", .description = "What the value is used for.", .canonical = place_types },
	{ .name = "primary",
	    .description = "Whether this is the preferred value; true at most once.",
	    .type = AU_ATTR_BOOLEAN },
	{ .name = NULL },
};

static const struct au_attr phone_subs[] = {
	{ .name = "value", .description = "Telephone number, preferably as RFC 3966 writes it." },
	{ .name = "display", .description = "How the value is shown to people." },
	{ .name = "type", .description = "What the value is used for.", .canonical = phone_types },
	{ .name = "primary",
	    .description = "Whether this is the preferred value; true at most once.",
	    .type = AU_ATTR_BOOLEAN },
	{ .name = NULL },
};

static const struct au_attr im_subs[] = {
	{ .name = "value", .description = "Address for instant messages." },
	{ .name = "display", .description = "How the value is shown to people." },
	{ .name = "type", .description = "What the value is used for.", .canonical = im_types },
	{ .name = "primary",
	    .description = "Whether this is the preferred value; true at most once.",
	    .type = AU_ATTR_BOOLEAN },
	{ .name = NULL },
};

static const struct au_attr photo_subs[] = {
	{ .name = "value",
	    .description = "URI of the picture.",
	    .type = AU_ATTR_REFERENCE,
	    .case_exact = true,
	    .references = external },
	{ .name = "display", .description = "How the value is shown to people." },
	{ .name = "type", .description = "What the value is used for.", .canonical = photo_types },
	{ .name = "primary",
	    .description = "Whether this is the preferred value; true at most once.",
	    .type = AU_ATTR_BOOLEAN },
	{ .name = NULL },
};

static const struct au_attr address_subs[] = {
	{ .name = "formatted", .description = "Whole address as it is put on a letter; may have several lines." },
	{ .name = "streetAddress", .description = "Street, house number, post box; may have several lines." },
	{ .name = "locality", .description = "City or place." },
	{ .name = "region", .description = "State or region." },
	{ .name = "postalCode", .description = "Postal code." },
	{ .name = "country", .description = "Country, preferably as ISO 3166-1 alpha-2 code." },
	{ .name = "type", .description = "What the address is used for.", .canonical = place_types },
	{ .name = "primary",
	    .description = "Whether this is the preferred address; true at most once.",
	    .type = AU_ATTR_BOOLEAN },
	{ .name = NULL },
};

static const struct au_attr group_subs[] = {
	{ .name = "value",
	    .description = "Identifier of the group.",
	    .mutability = AU_ATTR_READ_ONLY,
	    .case_exact = true },
	{ .name = "$ref",
	    .description = "URI of the group.",
	    .type = AU_ATTR_REFERENCE,
	    .mutability = AU_ATTR_READ_ONLY,
	    .case_exact = true,
	    .references = group_reference },
	{ .name = "display", .description = "Name of the group.", .mutability = AU_ATTR_READ_ONLY },
	{ .name = "type",
	    .description = "Whether the membership is direct or by way of another group.",
	    .mutability = AU_ATTR_READ_ONLY,
	    .canonical = group_types },
	{ .name = NULL },
};

static const struct au_attr entitlement_subs[] = {
	{ .name = "value", .description = "Entitlement." },
	{ .name = "display", .description = "How the value is shown to people." },
	{ .name = "type", .description = "What the value is used for." },
	{ .name = "primary",
	    .description = "Whether this is the preferred value; true at most once.",
	    .type = AU_ATTR_BOOLEAN },
	{ .name = NULL },
};

static const struct au_attr role_subs[] = {
	{ .name = "value", .description = "Role." },
	{ .name = "display", .description = "How the value is shown to people." },
	{ .name = "type", .description = "What the value is used for." },
	{ .name = "primary",
	    .description = "Whether this is the preferred value; true at most once.",
	    .type = AU_ATTR_BOOLEAN },
	{ .name = NULL },
};

static const struct au_attr certificate_subs[] = {
	{ .name = "value",
	    .description = "Certificate in DER form, as base64.",
	    .type = AU_ATTR_BINARY,
	    .case_exact = true },
	{ .name = "display", .description = "How the value is shown to people." },
	{ .name = "type", .description = "What the value is used for." },
	{ .name = "primary",
	    .description = "Whether this is the preferred value; true at most once.",
	    .type = AU_ATTR_BOOLEAN },
	{ .name = NULL },
};

static const struct au_attr attrs[] = {
	{ .name = "userName",
	    .description = "Name by which the user is known; unique, compared without regard to case.",
	    .uniqueness = AU_ATTR_SERVER,
	    .required = true,
	    .indexed = true },
	{ .name = "name", .description = "Parts of the user's name.", .type = AU_ATTR_COMPLEX, .subs = name_subs },
	{ .name = "displayName", .description = "Name that is shown to people.", .indexed = true },
	{ .name = "nickName", .description = "Casual name." },
	{ .name = "profileUrl",
	    .description = "URI of the user's page.",
	    .type = AU_ATTR_REFERENCE,
	    .case_exact = true,
	    .references = external },
	{ .name = "title", .description = "Title in the organization." },
	{ .name = "userType", .description = "Relation between user and organization." },
	{ .name = "preferredLanguage", .description = "Preferred languages, as HTTP writes Accept-Language." },
	{ .name = "locale", .description = "Locale for dates, numbers and currency." },
	{ .name = "timezone", .description = "Time zone by its name in the IANA database." },
	{ .name = "active",
	    .description = "Whether the user is active; one that is not loses access and stays on record.",
	    .type = AU_ATTR_BOOLEAN },
	{ .name = "password",
	    .description = "Accepted and not kept: credentials of API users are made here or by the product.",
	    .mutability = AU_ATTR_WRITE_ONLY,
	    .returned = AU_ATTR_NEVER,
	    .case_exact = true },
	{ .name = "emails",
	    .description = "Mail addresses; the primary or else the first one tells which API user this is.",
	    .type = AU_ATTR_COMPLEX,
	    .multi = true,
	    .subs = email_subs },
	{ .name = "phoneNumbers",
	    .description = "Telephone numbers.",
	    .type = AU_ATTR_COMPLEX,
	    .multi = true,
	    .subs = phone_subs },
	{ .name = "ims",
	    .description = "Addresses for instant messages.",
	    .type = AU_ATTR_COMPLEX,
	    .multi = true,
	    .subs = im_subs },
	{ .name = "photos",
	    .description = "Pictures of the user.",
	    .type = AU_ATTR_COMPLEX,
	    .multi = true,
	    .subs = photo_subs },
	{ .name = "addresses",
	    .description = "Postal addresses.",
	    .type = AU_ATTR_COMPLEX,
	    .multi = true,
	    .subs = address_subs },
	{ .name = "groups",
	    .description = "Groups that hold the user; changed by way of the groups.",
	    .type = AU_ATTR_COMPLEX,
	    .mutability = AU_ATTR_READ_ONLY,
	    .multi = true,
	    .in_rows = true,
	    .subs = group_subs },
	{ .name = "entitlements",
	    .description = "Things that the user has.",
	    .type = AU_ATTR_COMPLEX,
	    .multi = true,
	    .subs = entitlement_subs },
	{ .name = "roles",
	    .description = "What the user is.",
	    .type = AU_ATTR_COMPLEX,
	    .multi = true,
	    .subs = role_subs },
	{ .name = "x509Certificates",
	    .description = "Certificates of the user.",
	    .type = AU_ATTR_COMPLEX,
	    .multi = true,
	    .subs = certificate_subs },
	{ .name = NULL },
};

const struct au_schema au_schema_user = {
	.id = "urn:ietf:params:scim:schemas:core:2.0:User",
	.name = "User",
	.description = "A user.",
	.attrs = attrs,
};
