/* SPDX-License-Identifier: ISC */
/*
 * What the vendor's pages say about API users, row by row, with how well each
 * is known: D from the vendor, O seen in public client code, I our conclusion.
 * apiuserd-automation-anywhere(7) names the pages.
 */
#include "automation-anywhere/rules.h"

#include "automation-anywhere/features.h"

/* The id of AAE_Admin in Enterprise 11, which AA-R14 lists; rights name roles by their ids. */
static const char *const aa_admin_roles[] = { "1", NULL };

/* Columns: id, text, evidence, kind, field, min, max (0 below min: no upper end), chars, choices. */
const struct au_product_rule aa_rules[] = {
	{ "AA-R01", "Every call needs a token from the Authentication API.", AU_DOCUMENTED, AU_RULE_NOTE, NULL, 0, 0,
	    NULL, NULL },
	{ "AA-R02", "The log-in needs the permissions View users, Create users, Edit users and Delete users.",
	    AU_DOCUMENTED, AU_RULE_NOTE, NULL, 0, 0, NULL, NULL },
	{ "AA-R03", "To give licences the log-in needs View licenses and Manage user's device license.", AU_DOCUMENTED,
	    AU_RULE_NOTE, NULL, 0, 0, NULL, NULL },
	{ "AA-R04", "A user has at least one role.", AU_DOCUMENTED, AU_RULE_COUNT, "rights.roles", 1, 0, NULL, NULL },
	{ "AA-R05", "A user name is required.", AU_DOCUMENTED, AU_RULE_REQUIRED, "login", 0, 0, NULL, NULL },
	{ "AA-R05", "A user name has at most 255 characters.", AU_DOCUMENTED, AU_RULE_LENGTH, "login", 1, 255, NULL,
	    NULL },
	{ "AA-R06", "An e-mail address is required.", AU_DOCUMENTED, AU_RULE_REQUIRED, "mail", 0, 0, NULL, NULL },
	{ "AA-R06", "An e-mail address has the form local@domain.", AU_DOCUMENTED, AU_RULE_MAIL, "mail", 0, 0, NULL,
	    NULL },
	{ "AA-R07", "A password has 8 to 15 characters.", AU_DOCUMENTED, AU_RULE_LENGTH, "secret", AA_PASSWORD_MIN,
	    AA_PASSWORD_MAX, NULL, NULL },
	{ "AA-R07", "A password is made of letters, digits and @ - _ ! # $ % & . only.", AU_DOCUMENTED, AU_RULE_CHARS,
	    "secret", 0, 0, AA_PASSWORD_ALPHABET, NULL },
	{ "AA-R08", "Auto-login, names, a description and licence features are recommended.", AU_DOCUMENTED,
	    AU_RULE_NOTE, NULL, 0, 0, NULL, NULL },
	{ "AA-R09", "Licence features are those that the product knows; a user may have none.", AU_DOCUMENTED,
	    AU_RULE_CHOICE, "rights.license_features", 0, 0, NULL, aa_feature_names },
	{ "AA-R10", "Automation 360 has further licence features, which profile aae11 refuses.", AU_OBSERVED,
	    AU_RULE_NOTE, NULL, 0, 0, NULL, NULL },
	{ "AA-R11", "Bot creators need the licence feature DEVELOPMENT.", AU_DOCUMENTED, AU_RULE_NOTE, NULL, 0, 0, NULL,
	    NULL },
	{ "AA-R12", "The server assigns further roles by itself; they are never compared and never written.",
	    AU_DOCUMENTED, AU_RULE_NOTE, NULL, 0, 0, NULL, NULL },
	{ "AA-R13", "A user is verified by logging in as it.", AU_DOCUMENTED, AU_RULE_NOTE, NULL, 0, 0, NULL, NULL },
	{ "AA-R14", "System roles of Enterprise 11 can be assigned, not edited or deleted.", AU_DOCUMENTED,
	    AU_RULE_NOTE, NULL, 0, 0, NULL, NULL },
	{ "AA-R15", "Role ids differ from one cloud Control Room to the next, so roles are looked up by name.",
	    AU_DOCUMENTED, AU_RULE_NOTE, NULL, 0, 0, NULL, NULL },
	{ "AA-R16", "Only the role AAE_Admin reaches the settings and makes other administrators, so one stays.",
	    AU_DOCUMENTED, AU_RULE_ADMIN, "rights.roles", 1, 0, NULL, aa_admin_roles },
	{ "AA-R17", "Role names and descriptions have at most 255 characters; this plugin makes no roles.",
	    AU_DOCUMENTED, AU_RULE_NOTE, NULL, 0, 0, NULL, NULL },
	{ "AA-R18", "A first name has at most 50 characters.", AU_DOCUMENTED, AU_RULE_LENGTH, "first_name", 0, 50, NULL,
	    NULL },
	{ "AA-R18", "A last name has at most 50 characters.", AU_DOCUMENTED, AU_RULE_LENGTH, "last_name", 0, 50, NULL,
	    NULL },
	{ "AA-R19",
	    "Automation 360 mails an activation link to users made in its console; users made here have a password.",
	    AU_INFERRED, AU_RULE_NOTE, NULL, 0, 0, NULL, NULL },
	{ "AA-R20", "A licence feature that is switched off, or of which none is left, cannot be given.", AU_DOCUMENTED,
	    AU_RULE_NOTE, NULL, 0, 0, NULL, NULL },
	{ "AA-R21", "In the fail-safe mode of a cloud-licensed Control Room calls fail.", AU_DOCUMENTED, AU_RULE_NOTE,
	    NULL, 0, 0, NULL, NULL },
	{ "AA-R22", "Permissions of roles have numeric ids; this plugin makes no roles.", AU_DOCUMENTED, AU_RULE_NOTE,
	    NULL, 0, 0, NULL, NULL },
	AU_RULE_END,
};

/* A licence that somebody holds; a disabled user keeps its own.  How many there are each Control Room knows by itself.
 */
#define SEAT(feature, evidence)                                                                                        \
	{                                                                                                              \
		"seats:" feature, "Licences " feature " of the Control Room.", evidence, 0, "rights.license_features", \
		    feature, 1, -1                                                                                     \
	}

const struct au_pool aa_pools[] = {
	SEAT("DEVELOPMENT", AU_DOCUMENTED),
	SEAT("RUNTIME", AU_DOCUMENTED),
	SEAT("IQBOTRUNTIME", AU_DOCUMENTED),
	SEAT("ANALYTICSCLIENT", AU_DOCUMENTED),
	SEAT("ANALYTICSAPI", AU_DOCUMENTED),
	SEAT("ATTENDEDRUNTIME", AU_OBSERVED),
	SEAT("AARIUSER", AU_OBSERVED),
	SEAT("DISCOVERYBOTANALYZER", AU_OBSERVED),
	SEAT("DISCOVERYBOTRECORDER", AU_OBSERVED),
	AU_POOL_END,
};

static const char *const profiles[] = { "aae11", "a360", NULL };

/* Columns: name, type, flags, min, max, choices, default, help. */
const struct au_opt aa_instance_opts[] = {
	{ "url", AU_STR, AU_REQUIRED, 1, 2048, NULL, NULL, "Address of the Control Room, https://HOST[:PORT][/PATH]." },
	{ "username", AU_STR, AU_REQUIRED | AU_OWN_LOGIN, 1, 255, NULL, NULL, "Control Room user that apiuserd logs in as." },
	{ "password", AU_SECRET, 0, 0, 0, NULL, NULL, "Where that user's password lies; instead of api_key." },
	{ "api_key", AU_SECRET, 0, 0, 0, NULL, NULL, "Where that user's API key lies; instead of password." },
	{ "profile", AU_ENUM, 0, 0, 0, profiles, "aae11", "Product generation: Enterprise 11 or Automation 360." },
	{ "ca_file", AU_STR, 0, 1, 4096, NULL, NULL, "PEM file of the only certificate authorities to trust." },
	{ "insecure", AU_BOOL, 0, 0, 0, NULL, "false", "Allow a url with http to another machine, in clear text." },
	{ "page_length", AU_INT, 0, 1, 1000, NULL, "200", "Rows to ask for at a time when listing." },
	{ "timeout", AU_TIME, 0, 100, 600000, NULL, "20s", "Time for one request to the Control Room." },
	{ "max_answer", AU_SIZE, 0, 65536, 1 << 30, NULL, "32MiB", "Longest answer to read." },
	{ "request_limit", AU_INT, 0, 0, 10000000, NULL, "1000",
	    "Requests to send in any five minutes, as in the Control Room's own rate limit; 0 sends without a limit." },
	{ "verify_password", AU_BOOL, 0, 0, 0, NULL, "true",
	    "After a user's password was set anew, log in once as that user to see that it was taken." },
	AU_OPT_END,
};

const struct au_opt aa_rights_opts[] = {
	{ "roles", AU_LIST, AU_REQUIRED, 1, 0, NULL, NULL, "Roles by name, or by id as \"#ID\"." },
	{ "license_features", AU_LIST, 0, 0, 0, aa_feature_names, NULL, "Licence features; none when left out." },
	{ "auto_login", AU_BOOL, 0, 0, 0, NULL, "true", "Whether the user is enabled for auto-login." },
	AU_OPT_END,
};
