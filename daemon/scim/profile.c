/* SPDX-License-Identifier: ISC */
/* The rows: switches, and who needs which.  A provider that needs nothing of its own is a row all the same. */
#include "scim/profile.h"

#include "base/str.h"

const struct au_quirk_row au_quirk_rows[] = {
	{ AU_QUIRK_TEXT_BOOLEANS, "text-booleans", "The texts \"true\" and \"False\" are taken for booleans.",
	    "A text where a boolean belongs is refused with invalidValue.", true },
	{ AU_QUIRK_PLAIN_VALUES, "plain-values",
	    "A plain text or a list of one is taken for a complex value such as manager, and \"\" removes it.",
	    "A complex value must be an object.", true },
	{ AU_QUIRK_NAMES_AS_PATHS, "names-as-paths",
	    "Names in a PATCH value without path may be dotted, begin with a URN, or be value paths.",
	    "A name in a PATCH value without path must be that of an attribute or extension.", true },
	{ AU_QUIRK_NO_PATH, "no-path", "PATCH operations may come without path.",
	    "A PATCH operation without path is refused with invalidSyntax.", true },
	{ AU_QUIRK_NO_SCHEMAS, "no-schemas", "Resources and messages may come without schemas.",
	    "A body without schemas is refused with invalidSyntax.", true },
	{ AU_QUIRK_UNKNOWN_NAMES, "unknown-names",
	    "Attributes and schemas that are not known are passed over, and counted in the audit row.",
	    "An attribute or schema that is not known is refused with invalidSyntax.", true },
	{ AU_QUIRK_UNKNOWN_FILTERS, "unknown-filters", "A filter on an attribute that is not known finds nothing.",
	    "A filter on an attribute that is not known is refused with invalidFilter.", true },
	{ AU_QUIRK_ADD_MAKES, "add-makes",
	    "An add to a value path of only eq tests that matches nothing makes the element.",
	    "An add to a value path that matches nothing is refused with noTarget.", true },
	{ AU_QUIRK_REPLACE_MAKES, "replace-makes",
	    "A replace on a value path of only eq tests that matches nothing makes the element.",
	    "A replace on a value path that matches nothing is refused with noTarget.", true },
	{ AU_QUIRK_ELEMENT_PATHS, "element-paths", "An add or replace may name an element as a whole by a value path.",
	    "An add or replace whose value path names no sub-attribute is refused with invalidPath.", true },
	{ AU_QUIRK_REPLACE_MERGES, "replace-merges",
	    "A replace of a complex value by its path leaves the sub-attributes that are not given.",
	    "A replace of a complex value by its path removes the sub-attributes that are not given.", true },
	{ AU_QUIRK_LISTED_REMOVAL, "listed-removal",
	    "A remove of a list with values removes these; without, the whole list.",
	    "A remove that carries a value is refused with invalidSyntax.", true },
	{ AU_QUIRK_PASSWORD, "password", "A password is accepted, and not kept.",
	    "A password is refused with invalidValue.", true },
	{ AU_QUIRK_EMPTY_MEMBERS, "empty-members", "A group without members shows an empty list.",
	    "A group without members shows no members, like any other attribute without value.", false },
	{ AU_QUIRK_MEMBER_DISPLAY, "member-display", "A member is shown with the display that the client gave it.",
	    "A member is shown with the name of the resource it is.", false },
	{ AU_QUIRK_KEEP_MEMBERS, "keep-members", "PUT of a group that says nothing of members leaves them.",
	    "PUT of a group that says nothing of members removes them.", false },
	{ AU_QUIRK_BRIEF_GROUPS, "brief-groups",
	    "PATCH of a group is answered 204 without body, unless attributes are asked for.",
	    "PATCH of a group is answered 200 with the group; 204 when it has more than 1000 members.", false },
	{ AU_QUIRK_RATE_FIELDS, "rate-fields",
	    "Each answer tells in x-rate-limit-limit, -remaining and -reset what the client may still ask.",
	    "Only an answer 429 tells in x-rate-limit fields what the client may ask.", false },
	{ AU_QUIRK_OKTA_OFFERS, "okta-offers",
	    "Roles and entitlements have the schemas urn:okta:scim:schemas:core:1.0:Role and Entitlement.",
	    "Roles and entitlements have the schemas of draft-ietf-scim-roles-entitlements.", false },
	{ 0, NULL, NULL, NULL, false },
};

/* What the RFCs leave open, taken the friendly way. */
#define OPEN                                                                                                           \
	(AU_QUIRK_NO_PATH | AU_QUIRK_ELEMENT_PATHS | AU_QUIRK_REPLACE_MERGES | AU_QUIRK_UNKNOWN_NAMES |                \
	    AU_QUIRK_ADD_MAKES | AU_QUIRK_LISTED_REMOVAL | AU_QUIRK_PASSWORD | AU_QUIRK_MEMBER_DISPLAY)
/* And what is against their letter, but means one thing only. */
#define TOLERANT                                                                                                       \
	(OPEN | AU_QUIRK_TEXT_BOOLEANS | AU_QUIRK_PLAIN_VALUES | AU_QUIRK_NAMES_AS_PATHS | AU_QUIRK_NO_SCHEMAS |       \
	    AU_QUIRK_EMPTY_MEMBERS)

/* Those of the switches that a provider gets by being recognised (au_quirk_row.detected). */
#define WHEN_DETECTED                                                                                                  \
	(AU_QUIRK_TEXT_BOOLEANS | AU_QUIRK_PLAIN_VALUES | AU_QUIRK_NAMES_AS_PATHS | AU_QUIRK_NO_PATH |                 \
	    AU_QUIRK_NO_SCHEMAS | AU_QUIRK_UNKNOWN_NAMES | AU_QUIRK_UNKNOWN_FILTERS | AU_QUIRK_ADD_MAKES |             \
	    AU_QUIRK_REPLACE_MAKES | AU_QUIRK_LISTED_REMOVAL | AU_QUIRK_PASSWORD | AU_QUIRK_ELEMENT_PATHS |            \
	    AU_QUIRK_REPLACE_MERGES)

/* name, provider, quirks, interop, text */
#define PROFILES(X)                                                                                                    \
	X("auto", "any", TOLERANT, false,                                                                              \
	    "Tolerant; when the provider is recognised, what it needs beyond that is let through too.")                \
	X("rfc", "any", OPEN, false, "By the letter of RFC 7643 and RFC 7644.")                                        \
	X("entra", "Microsoft Entra ID", TOLERANT | AU_QUIRK_REPLACE_MAKES | AU_QUIRK_BRIEF_GROUPS, false,             \
	    "Replaces where there is nothing yet, and patches groups too big to answer.")                              \
	X("okta", "Okta", TOLERANT | AU_QUIRK_OKTA_OFFERS, false,                                                      \
	    "Deactivates and never deletes users, patches without path, and reads roles in its own schema.")           \
	X("onelogin", "OneLogin", TOLERANT | AU_QUIRK_UNKNOWN_FILTERS | AU_QUIRK_KEEP_MEMBERS, false,                  \
	    "Sends whatever the administrator's template says.")                                                       \
	X("jumpcloud", "JumpCloud", TOLERANT | AU_QUIRK_KEEP_MEMBERS, false,                                           \
	    "Tries the endpoint with a user and a group of its own, and removes them.")                                \
	X("sailpoint", "SailPoint", TOLERANT | AU_QUIRK_RATE_FIELDS, false,                                            \
	    "Reads all of discovery, then all users and groups.")                                                      \
	X("ping", "PingFederate", TOLERANT, false,                                                                     \
	    "Writes whole users, patches groups, and finds a group by reading all of them.")                           \
	X("google", "Google Workspace", TOLERANT | AU_QUIRK_UNKNOWN_FILTERS, false, "Writes users only.")              \
	X("strict", "any", AU_QUIRK_MEMBER_DISPLAY, true,                                                              \
	    "By the SCIM interoperability profile: what is not defined is refused, and so are passwords and PATCH "    \
	    "without path.")

#define CONFIGURED(name, provider, quirks, interop, text) { name, provider, text, quirks, interop },
#define DETECTED(name, provider, quirks, interop, text)                                                                \
	{ name, provider, text, TOLERANT | ((quirks)&WHEN_DETECTED), false },

const struct au_profile au_profiles[] = { PROFILES(CONFIGURED){ NULL, NULL, NULL, 0, false } };
static const struct au_profile detected[] = { PROFILES(DETECTED) };

const struct au_profile *
au_profile_find(const char *name)
{
	for (const struct au_profile *profile = au_profiles; profile->name != NULL; profile++)
		if (au_streq(profile->name, name))
			return profile;
	return NULL;
}

const struct au_profile *
au_profile_auto(void)
{
	return &au_profiles[0];
}

const struct au_profile *
au_profile_detected(const struct au_profile *seen)
{
	return &detected[seen - au_profiles];
}

bool
au_profile_has(const struct au_profile *profile, enum au_quirk quirk)
{
	return (profile->quirks & quirk) != 0;
}
