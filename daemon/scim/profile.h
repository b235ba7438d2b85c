/* SPDX-License-Identifier: ISC */
/*
 * How an identity provider speaks SCIM: rows of switches, one row per provider.  Whoever reads a request or shapes an
 * answer asks for one switch and never for a provider's name.  Nothing here touches what a client may see or change.
 */
#ifndef SCIM_PROFILE_H
#define SCIM_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

enum au_quirk {
	AU_QUIRK_TEXT_BOOLEANS = 1u << 0,
	AU_QUIRK_PLAIN_VALUES = 1u << 1,
	AU_QUIRK_NAMES_AS_PATHS = 1u << 2,
	AU_QUIRK_NO_PATH = 1u << 3,
	AU_QUIRK_NO_SCHEMAS = 1u << 4,
	AU_QUIRK_UNKNOWN_NAMES = 1u << 5,
	AU_QUIRK_UNKNOWN_FILTERS = 1u << 6,
	AU_QUIRK_ADD_MAKES = 1u << 7,
	AU_QUIRK_REPLACE_MAKES = 1u << 8,
	AU_QUIRK_LISTED_REMOVAL = 1u << 9,
	AU_QUIRK_PASSWORD = 1u << 10,
	AU_QUIRK_EMPTY_MEMBERS = 1u << 11,
	AU_QUIRK_MEMBER_DISPLAY = 1u << 12,
	AU_QUIRK_KEEP_MEMBERS = 1u << 13,
	AU_QUIRK_BRIEF_GROUPS = 1u << 14,
	AU_QUIRK_RATE_FIELDS = 1u << 15,
	AU_QUIRK_ELEMENT_PATHS = 1u << 16,
	AU_QUIRK_REPLACE_MERGES = 1u << 17,
	AU_QUIRK_OKTA_OFFERS = 1u << 18,
};

/* What a switch means, for the manual page and `client show`. */
struct au_quirk_row {
	enum au_quirk quirk;
	const char *name; /* NULL ends the table */
	const char *on;   /* what happens with it: a sentence */
	const char *off;  /* and without it */
	/*
	 * Whether a profile that was only detected has it: such switches let through what would have been refused, and
	 * change no answer that a client gets already.
	 */
	bool detected;
};
extern const struct au_quirk_row au_quirk_rows[];

struct au_profile {
	const char *name; /* as in the configuration; NULL ends the table */
	const char *provider;
	const char *text; /* a sentence */
	unsigned quirks;  /* of enum au_quirk */
	bool interop;     /* keeps to the SCIM interoperability profile, and says so in the ServiceProviderConfig */
};
extern const struct au_profile au_profiles[];

/* By its name; NULL when there is none. */
const struct au_profile *au_profile_find(const char *name);
/* What holds for a client of which nothing is known: the row "auto". */
const struct au_profile *au_profile_auto(void);
/* "auto" and what is added to it because `seen`, a row of au_profiles, was recognised. */
const struct au_profile *au_profile_detected(const struct au_profile *seen);
bool au_profile_has(const struct au_profile *profile, enum au_quirk quirk);

#endif
