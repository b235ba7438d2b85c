/* SPDX-License-Identifier: ISC */
/*
 * What the vendors' pages say about API users.  Both products have the page about creating one, word for word, so rules
 * 1 to 11 are documented for both; the rest was read in one vendor's pages and is taken to hold for its twin.
 * P is the prefix of the ids, D how well the later rules are known.
 */
#ifndef CA_RULES_ROWS_H
#define CA_RULES_ROWS_H

#include "calabrio/brand.h"
#include "calabrio/endpoint_rows.h"

#define CA_NOTE(id, evidence, text)                                                                                    \
	{                                                                                                              \
		id, text, evidence, AU_RULE_NOTE, NULL, 0, 0, NULL, NULL                                               \
	}
#define CA_CHECK(id, evidence, kind, field, min, max, text)                                                            \
	{                                                                                                              \
		id, text, evidence, kind, field, min, max, NULL, NULL                                                  \
	}

#define CA_RULES_OF_PAGE(P)                                                                                            \
	CA_NOTE(P "R01", AU_DOCUMENTED,                                                                                \
	    "The log-in needs the default system administrator role or one with the same permissions."),               \
	    CA_NOTE(P "R02", AU_DOCUMENTED, "Each API user takes one System Administrator licence."),                  \
	    CA_NOTE(P "R03", AU_DOCUMENTED,                                                                            \
		"On the very first log-in to the product another administrator is made before any API user."),         \
	    CA_NOTE(P "R04", AU_DOCUMENTED,                                                                            \
		"By hand it is done at Application Management > Global > User Configuration > Users."),                \
	    CA_CHECK(P "R05", AU_DOCUMENTED, AU_RULE_REQUIRED, "first_name", 0, 0, "A first name is required."),       \
	    CA_CHECK(P "R05", AU_DOCUMENTED, AU_RULE_REQUIRED, "last_name", 0, 0,                                      \
		"A last name is required; both together say the purpose."),                                            \
	    CA_CHECK(P "R06", AU_DOCUMENTED, AU_RULE_REQUIRED, "login", 0, 0, "A user name is required."),             \
	    CA_CHECK(P "R06", AU_DOCUMENTED, AU_RULE_MAIL, "login", 0, 0,                                              \
		"The user name is a valid e-mail address and is what the application logs in with."),                  \
	    CA_CHECK(P "R07", AU_DOCUMENTED, AU_RULE_LENGTH, "secret", CA_PASSWORD_MIN, CA_PASSWORD_MAX,               \
		"A password meets the tenant's complexity rules."),                                                    \
	    CA_NOTE(P "R08", AU_DOCUMENTED, "The role is the default system administrator role."),                     \
	    CA_NOTE(P "R09", AU_DOCUMENTED, "The team is the Default Team, or another by choice."),                    \
	    CA_NOTE(P "R10", AU_DOCUMENTED,                                                                            \
		"The user sees the teams, groups or the tenant that are associated; the tenant stands for all its "    \
		"teams."),                                                                                             \
	    CA_NOTE(P "R11", AU_DOCUMENTED, "EnterpriseView is the main view, so that the user sees everybody.")

#define CA_RULES_BEYOND(P, D)                                                                                          \
	CA_NOTE(                                                                                                       \
	    P "R12", D, "Three default roles cannot be deleted and can be renamed, so they are known by their flag."), \
	    CA_NOTE(P "R13", D, "EnterpriseView can be neither renamed nor deleted."),                                 \
	    { P "R14",                                                                                                 \
		    "A password has at least eight characters, comes not again, and expires after 90 days, unless "    \
		    "the tenant's policy says otherwise.",                                                             \
		    D, AU_RULE_LENGTH, "secret", CA_PASSWORD_MIN, CA_PASSWORD_MAX, NULL, NULL },                       \
	    { P "R15",                                                                                                 \
		    "A password has an upper-case letter, a lower-case letter, a digit and a sign, and holds "         \
		    "neither the name nor the e-mail address.",                                                        \
		    D, AU_RULE_CHARS, "secret", 0, 0, CA_PASSWORD_ALPHABET, NULL },                                    \
	    CA_NOTE(P "R16", D, "An activation mail has a link that works once and for 24 hours."),                    \
	    CA_NOTE(P "R17", D, "Nobody logs in before being activated; users are deactivated and never deleted."),    \
	    CA_NOTE(P "R18", D,                                                                                        \
		"Users that come from an ACD are removed there first and then deactivated here; API users are no "     \
		"such."),                                                                                              \
	    CA_NOTE(P "R19", D, "Seats beyond the commitment are billed and not refused; inactive users hold none."),  \
	    CA_NOTE(P "R20", D, "Unlocking needs the permission Administer Password Policy."),                         \
	    CA_NOTE(P "R21", D,                                                                                        \
		"An import of users needs the permission Assign User Roles; this plugin imports nothing."),            \
	    CA_NOTE(P "R22", D, "An import empties what its file leaves out; this plugin imports nothing."),           \
	    CA_NOTE(P "R23", D, "An export of users is people.csv."),                                                  \
	    CA_NOTE(P "R24", D, "The file-based sync needs ACD ids, so API users are not made by it.")

/* The calls, so that whoever reads the table sees how well each is known. */
#define CA_RULE_OF_CALL(id, name, method, path, evidence, what)                                                        \
	CA_NOTE("call " name, evidence, method " " path " " what "."),
#define CA_RULE_OF_GAP(id, name, what)                                                                                 \
	CA_NOTE("call " name, AU_INFERRED, "No call is known that " what ", unless the tenant names one."),

#endif
