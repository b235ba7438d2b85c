/* SPDX-License-Identifier: ISC */
/*
 * Rules of SCIM 2.0 (documented: an RFC says so) and habits of services (observed: in public issues and code of
 * services and clients).  Whatever a service does otherwise has an option that says so.
 */
#include "scim-target/rules.h"

#define NOTE(id, evidence, text)                                                                                       \
	{                                                                                                              \
		id, text, evidence, AU_RULE_NOTE, NULL, 0, 0, NULL, NULL                                               \
	}

/* Columns: id, text, evidence, kind, field, min, max (0 below min: no upper end), chars, choices. */
const struct au_product_rule sc_rules[] = {
	{ "SC-R01", "A userName is required (RFC 7643 section 4.1.1).", AU_DOCUMENTED, AU_RULE_REQUIRED, "login", 0, 0,
	    NULL, NULL },
	NOTE("SC-R02", AU_DOCUMENTED, "A userName is unique without regard to case (RFC 7643 section 4.1.1)."),
	NOTE("SC-R03", AU_DOCUMENTED,
	    "An externalId is issued by the client (RFC 7643 section 3.1); ours is the mark of ownership."),
	{ "SC-R04", "An e-mail address has the form local@domain (RFC 7643 section 4.1.2).", AU_DOCUMENTED,
	    AU_RULE_MAIL, "mail", 0, 0, NULL, NULL },
	NOTE("SC-R05", AU_DOCUMENTED,
	    "Memberships are changed at the group; a user's groups are read only (RFC 7643 section 4.1.2)."),
	NOTE("SC-R06", AU_DOCUMENTED, "A password is written and never returned (RFC 7643 section 4.1.1)."),
	NOTE("SC-R07", AU_DOCUMENTED,
	    "What active = false means is the service's affair (RFC 7643 section 4.1.1); usually no log-in."),
	NOTE("SC-R08", AU_DOCUMENTED, "PATCH is optional and atomic, PUT is not optional (RFC 7644 section 3.5)."),
	NOTE("SC-R09", AU_DOCUMENTED, "Filters are optional (RFC 7644 section 3.4.2.2)."),
	NOTE("SC-R10", AU_DOCUMENTED,
	    "A page may hold fewer resources than were asked for, never more (RFC 7644 section 3.4.2.4)."),
	NOTE("SC-R11", AU_DOCUMENTED, "With cursors a list may leave out its total (RFC 9865 section 2)."),
	NOTE("SC-R12", AU_DOCUMENTED, "A deleted resource answers 404 (RFC 7644 section 3.6)."),
	NOTE("SC-R13", AU_DOCUMENTED, "A change of another version answers 412 (RFC 7644 section 3.14)."),
	NOTE("SC-R14", AU_OBSERVED, "Many services publish no ServiceProviderConfig, ResourceTypes or Schemas."),
	NOTE("SC-R15", AU_OBSERVED,
	    "Some services remove a member by a list of values, which by the RFC would remove all members."),
	NOTE("SC-R16", AU_OBSERVED, "Some services count only the page in totalResults, or ignore startIndex."),
	NOTE("SC-R17", AU_OBSERVED, "Some services create users active, whatever was asked for."),
	NOTE("SC-R18", AU_OBSERVED, "Some services put everybody into groups of their own."),
	NOTE("SC-R19", AU_OBSERVED, "Some services write booleans as texts."),
	NOTE("SC-R20", AU_INFERRED,
	    "A new user may have rights by itself, so it is made inactive and switched on when its rights are right."),
	NOTE("SC-R21", AU_DOCUMENTED,
	    "A service may list its roles and entitlements (draft-ietf-scim-roles-entitlements): a user holds their "
	    "value, and one that is not supported cannot be given."),
	NOTE("SC-R22", AU_OBSERVED, "Some services list them in Okta's form: a displayName, and no value but the id."),
	NOTE("SC-R23", AU_OBSERVED,
	    "Some services have groups in their schema of users and never tell them (option memberships)."),
	AU_RULE_END,
};

static const char *const auths[] = { "bearer", "basic", "oauth", NULL };
static const char *const client_auths[] = { "basic", "body", NULL };
static const char *const managed_kinds[] = { "groups", "roles", "entitlements", NULL };
static const char *const memberships[] = { "auto", "user", "groups", NULL };
static const char *const updates[] = { "auto", "patch", "put", NULL };
static const char *const patch_forms[] = { "path", "value", NULL };
static const char *const pagings[] = { "auto", "index", "cursor", NULL };
static const char *const filters[] = { "auto", "yes", "no", NULL };
static const char *const removals[] = { "filter", "list", NULL };
static const char *const media_types[] = { "scim", "json", NULL };

/* Columns: name, type, flags, min, max, choices, default, help. */
const struct au_opt sc_instance_opts[] = {
	{ "url", AU_STR, AU_REQUIRED, 1, 2048, NULL, NULL,
	    "Base address of the service's SCIM 2.0 endpoint, https://HOST[:PORT][/PATH], above /Users." },
	{ "auth", AU_ENUM, 0, 0, 0, auths, "bearer",
	    "How apiuserd shows who it is: by a token, by HTTP Basic, or by a token fetched with OAuth 2.0 client "
	    "credentials." },
	{ "token", AU_SECRET, 0, 0, 0, NULL, NULL, "Where the bearer token lies, with auth = \"bearer\"." },
	{ "username", AU_STR, AU_OWN_LOGIN, 1, 255, NULL, NULL, "User name for HTTP Basic, with auth = \"basic\"." },
	{ "password", AU_SECRET, 0, 0, 0, NULL, NULL, "Where the password for HTTP Basic lies." },
	{ "token_url", AU_STR, 0, 1, 2048, NULL, NULL, "Where tokens are fetched, with auth = \"oauth\"." },
	{ "client_id", AU_STR, 0, 1, 1024, NULL, NULL, "OAuth client that apiuserd is there." },
	{ "client_secret", AU_SECRET, 0, 0, 0, NULL, NULL, "Where that client's secret lies." },
	{ "client_auth", AU_ENUM, 0, 0, 0, client_auths, "basic",
	    "Whether the client's secret goes there by HTTP Basic or in the body of the request." },
	{ "scope", AU_STR, 0, 1, 1024, NULL, NULL, "OAuth scope to ask for." },
	{ "managed", AU_LIST, 0, 1, 0, managed_kinds, "groups,roles,entitlements",
	    "Kinds of rights that are kept equal to the template; the others are neither compared nor changed." },
	{ "catalogue", AU_BOOL, 0, 0, 0, NULL, "true",
	    "Look roles and entitlements of templates up in the service's lists of them, where it has such lists; "
	    "without it they are taken as they are written." },
	{ "foreign_groups", AU_LIST, 0, 0, 0, NULL, NULL,
	    "Names or ids of groups that the service fills by itself: never compared and never changed." },
	{ "memberships", AU_ENUM, 0, 0, 0, memberships, "auto",
	    "Where a user's groups are read: at the user, at the groups, or at the user where the service's schema "
	    "has them." },
	{ "member_removal", AU_ENUM, 0, 0, 0, removals, "filter",
	    "How a member is taken out of a group: by a path with a filter as the RFC has it, or by a list of values "
	    "for services that want it so, as a service that follows the RFC would empty the group then." },
	{ "put_members", AU_BOOL, 0, 0, 0, NULL, "false",
	    "Change a group without PATCH by sending all of its members back, which is right only where a group "
	    "shows all of them." },
	{ "update", AU_ENUM, 0, 0, 0, updates, "auto",
	    "Whether changes are sent by PATCH or by PUT, or as the service says that it supports." },
	{ "patch_form", AU_ENUM, 0, 0, 0, patch_forms, "path",
	    "Whether an operation of a PATCH names its attribute in a path or within its value." },
	{ "filter", AU_ENUM, 0, 0, 0, filters, "auto",
	    "Whether the service answers filters; without them all users are read to find one." },
	{ "paging", AU_ENUM, 0, 0, 0, pagings, "auto",
	    "How lists are read, by index or by cursor, or by cursor where the service says that it has them." },
	{ "page_length", AU_INT, 0, 1, 10000, NULL, "100",
	    "Resources to ask for at a time, at most as many as the service says that it gives." },
	{ "max_resources", AU_INT, 0, 1, 10000000, NULL, "100000",
	    "Most users or groups in a list that is read; a longer one fails." },
	{ "mail_type", AU_STR, 0, 1, 64, NULL, "work", "Type of the e-mail address that is written and read." },
	{ "media_type", AU_ENUM, 0, 0, 0, media_types, "scim",
	    "Whether to speak application/scim+json, or application/json for services that refuse the former." },
	{ "discovery", AU_BOOL, 0, 0, 0, NULL, "true",
	    "Ask the service what it supports; without it the usual is believed unless an option says otherwise." },
	{ "discovery_age", AU_TIME, 0, 1000, 30LL * 24 * 3600 * 1000, NULL, "1h",
	    "Time after which the service is asked again what it supports." },
	{ "ca_file", AU_STR, 0, 1, 4096, NULL, NULL, "PEM file of the only certificate authorities to trust." },
	{ "insecure", AU_BOOL, 0, 0, 0, NULL, "false", "Allow a url with http to another machine, in clear text." },
	{ "timeout", AU_TIME, 0, 100, 600000, NULL, "20s", "Time for one request to the service." },
	{ "max_answer", AU_SIZE, 0, 65536, 1 << 30, NULL, "32MiB", "Longest answer to read." },
	{ "request_limit", AU_INT, 0, 0, 10000000, NULL, "3000",
	    "Requests to send in any five minutes; 0 sends without a limit." },
	AU_OPT_END,
};

const struct au_opt sc_rights_opts[] = {
	{ "groups", AU_LIST, 0, 0, 0, NULL, NULL, "Groups by name, or by id as \"#ID\"." },
	{ "roles", AU_LIST, 0, 0, 0, NULL, NULL,
	    "Values of the user's roles, or where the service lists its roles, their names or ids as \"#ID\"." },
	{ "entitlements", AU_LIST, 0, 0, 0, NULL, NULL, "Values of the user's entitlements, given in the same way." },
	AU_OPT_END,
};
