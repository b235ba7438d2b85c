/* SPDX-License-Identifier: ISC */
/*
 * What the vendor's pages say about API users, row by row, with how well each
 * is known: D from the vendor, I our conclusion.  apiuserd-iris-hr(7) names the
 * pages.
 */
#include "iris-hr/rules.h"

#define NOTE(id, text, evidence)                                                                                       \
	{                                                                                                              \
		id, text, evidence, AU_RULE_NOTE, NULL, 0, 0, NULL, NULL                                               \
	}

/* Columns: id, text, evidence, kind, field, min, max (0 below min: no upper end), chars, choices. */
const struct au_product_rule iris_rules[] = {
	NOTE("IR-R01", "The module API must be ticked in System Configuration; where it is missing, support adds it.",
	    AU_DOCUMENTED),
	NOTE("IR-R02", "API users are at System Tools > Utilities > Company > API Users.", AU_DOCUMENTED),
	{ "IR-R03", "An API user is made of a name and a tick for active, nothing else.", AU_DOCUMENTED,
	    AU_RULE_REQUIRED, "login", 0, 0, NULL, NULL },
	NOTE("IR-R04", "The product makes up user name and password.", AU_DOCUMENTED),
	NOTE("IR-R05", "The password is shown once, on the pop-up.", AU_DOCUMENTED),
	NOTE("IR-R06", "At most 10 API users are active at any time; there may be any number of inactive ones.",
	    AU_DOCUMENTED),
	NOTE("IR-R07", "A new API user has full Set Rights until they are edited.", AU_DOCUMENTED),
	NOTE("IR-R08", "A row offers Edit Set Rights, Change Status, Delete and Reset Password.", AU_DOCUMENTED),
	NOTE("IR-R09", "With read-only on a tab the API reads its data and cannot change them.", AU_DOCUMENTED),
	NOTE("IR-R10", "API users are in no export or report, and in Directories for people with Set Rights only.",
	    AU_DOCUMENTED),
	NOTE(
	    "IR-R11", "API users from before October 2024 are not on the screen and must be made anew.", AU_DOCUMENTED),
	NOTE("IR-R12", "The list shows Status, Name and Username.", AU_DOCUMENTED),
	NOTE("IR-R13", "A reset shows the new password once.", AU_DOCUMENTED),
	NOTE("IR-R14", "An older way makes API users of employee records, at most five; this plugin does not.",
	    AU_DOCUMENTED),
	NOTE("IR-R15", "IRIS Recruitment needs full access, or at least full access to Starters & Leavers.",
	    AU_DOCUMENTED),
	NOTE("IR-R16", "People sign in by IRIS Identity; API users do not.", AU_INFERRED),
	AU_RULE_END,
};

static const char *const others[] = { "none", "read-only", "full", NULL };
static const char *const integrations[] = { "any", "iris-recruitment", NULL };

/* Columns: name, type, flags, min, max, choices, default, help. */
const struct au_opt iris_instance_opts[] = {
	{ "url", AU_STR, 0, 1, 2048, NULL, NULL, "Address at which people sign in, told in every work order." },
	{ "legacy_users", AU_LIST, AU_RENEW, 0, 1000, NULL, NULL,
	    "User names of API users from before October 2024, which the screen does not show; they are made anew one "
	    "after another." },
	AU_OPT_END,
};

const struct au_opt iris_rights_opts[] = {
	{ "self", AU_LIST, 0, 0, 20, NULL, NULL,
	    "Tabs of the area Self with their access, as \"Personal: read-only\"." },
	{ "team", AU_LIST, 0, 0, 20, NULL, NULL, "Tabs of the area Team with their access." },
	{ "secondary", AU_LIST, 0, 0, 20, NULL, NULL, "Tabs of the area Secondary with their access." },
	{ "others", AU_ENUM, 0, 0, 0, others, "none", "Access to every tab that is not named." },
	{ "integration", AU_ENUM, 0, 0, 0, integrations, "any", "What the API user is for, to check what that needs." },
	AU_OPT_END,
};
