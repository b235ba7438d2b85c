/* SPDX-License-Identifier: ISC */
/* Rows of options, rights and pools; the same for each brand. */
#include "calabrio/brand.h"

/* Columns: name, type, flags, min, max, choices, default, help. */
const struct au_opt ca_instance_opts[] = {
	{ "url", AU_STR, AU_REQUIRED, 1, 2048, NULL, NULL, "Address of the tenant, https://HOST[:PORT][/PATH]." },
	{ "username", AU_STR, AU_REQUIRED | AU_OWN_LOGIN, 3, 254, NULL, NULL,
	    "User, by e-mail address, that apiuserd logs in as." },
	{ "password", AU_SECRET, AU_REQUIRED, 0, 0, NULL, NULL,
	    "Where that user's password lies; on an IAM tenant, its legacy API password." },
	{ "iam", AU_BOOL, 0, 0, 0, NULL, "false",
	    "Whether people log in through the vendor's IAM service, so that API users need legacy API access." },
	{ "endpoints", AU_LIST, 0, 0, 64, NULL, NULL,
	    "Calls of this tenant that differ from those known or add to them, each as \"NAME METHOD /PATH\" or \"NAME "
	    "none\"." },
	{ "password_member", AU_STR, 0, 1, 64, NULL, NULL,
	    "Member of a user in which this tenant's API takes a password; without it and without the call "
	    "password_set a person enters passwords." },
	{ "verify_password", AU_BOOL, 0, 0, 0, NULL, "true",
	    "After a password was set by a call, log in once as that user to see that it was taken." },
	{ "views", AU_BOOL, 0, 0, 0, NULL, "true",
	    "Whether this tenant's API tells and takes WFM views; otherwise a person assigns them." },
	{ "mark", AU_BOOL, 0, 0, 0, NULL, "true",
	    "Whether the display name of a user ends with a mark that says whose it is." },
	{ "watch", AU_LIST, 0, 0, 256, NULL, NULL,
	    "Patterns of user names, as of files, that API users have; who matches one is read in full when listing, "
	    "and without any everybody is." },
	{ "read_most", AU_INT, 0, 0, 1000000, NULL, "500",
	    "Users that may match; when more do, listing fails and says so." },
	{ "language", AU_STR, 0, 2, 16, NULL, "en", "Language that is sent with a log-in, and locale of new users." },
	{ "time_zone", AU_STR, 0, 1, 64, NULL, "America/Chicago", "Time zone of new users." },
	{ "product_name", AU_STR, 0, 1, 64, NULL, NULL, "What the product is called here, in work orders and errors." },
	{ "support", AU_STR, 0, 1, 256, NULL, NULL, "Whom a work order names for help." },
	{ "ca_file", AU_STR, 0, 1, 4096, NULL, NULL, "PEM file of the only certificate authorities to trust." },
	{ "insecure", AU_BOOL, 0, 0, 0, NULL, "false", "Allow a url with http to another machine, in clear text." },
	{ "timeout", AU_TIME, 0, 100, 600000, NULL, "20s", "Time for one request." },
	{ "max_answer", AU_SIZE, 0, 65536, 1 << 30, NULL, "64MiB", "Longest answer to read." },
	{ "request_limit", AU_INT, 0, 0, 10000000, NULL, "1500",
	    "Requests to send in any five minutes; 0 sends without a limit." },
	AU_OPT_END,
};

const struct au_opt ca_rights_opts[] = {
	{ "roles", AU_LIST, 0, 1, 0, NULL, NULL,
	    "Roles by name, or by id as \"#ID\"; without it the default system administrator role, found by its "
	    "flag." },
	{ "roles_suffice", AU_BOOL, 0, 0, 0, NULL, NULL,
	    "Says that these roles give the same permissions as the default system administrator role." },
	{ "team", AU_STR, 0, 1, 256, NULL, NULL,
	    "The user's own team by name, or by id as \"#ID\"; without it the Default Team." },
	{ "tenant", AU_BOOL, 0, 0, 0, NULL, NULL, "Whether the user sees every team of the tenant." },
	{ "groups", AU_LIST, 0, 0, 0, NULL, NULL, "Groups that the user sees, by name, or by id as \"#ID\"." },
	{ "teams", AU_LIST, 0, 0, 0, NULL, NULL, "Teams that the user sees, by name, or by id as \"#ID\"." },
	{ "main_view", AU_STR, 0, 1, 256, NULL, NULL,
	    "The main WFM view by name, or by id as \"#ID\"; without it EnterpriseView, which shows everybody." },
	{ "views", AU_LIST, 0, 0, 0, NULL, NULL, "More WFM views, by name, or by id as \"#ID\"." },
	{ "like", AU_STR, 0, 3, 254, NULL, NULL,
	    "A user, by e-mail address, whose rights are taken wherever the template itself says nothing." },
	AU_OPT_END,
};

/* Inactive users hold none (CA-R19). */
const struct au_pool ca_pools[] = {
	{ "seats", "System Administrator licences; the vendor bills those beyond the commitment and refuses none.",
	    AU_DOCUMENTED, AU_POOL_ACTIVE | AU_POOL_BILLED, NULL, NULL, 1, -1 },
	AU_POOL_END,
};
