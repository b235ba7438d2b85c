/* SPDX-License-Identifier: ISC */
/*
 * What the vendor's pages say about API users, row by row, with how well each
 * is known: D from the vendor, I our conclusion.  apiuserd-movius(7) names the
 * pages.
 */
#include "movius/rules.h"

#define NOTE(id, text, evidence)                                                                                       \
	{                                                                                                              \
		id, text, evidence, AU_RULE_NOTE, NULL, 0, 0, NULL, NULL                                               \
	}

/* Columns: id, text, evidence, kind, field, min, max (0 below min: no upper end), chars, choices. */
const struct au_product_rule movius_rules[] = {
	NOTE("MV-R01", "Who adds API users needs a role with the privilege API Users.", AU_DOCUMENTED),
	NOTE("MV-R02", "API users are added at Administrators, by Add API User.", AU_DOCUMENTED),
	{ "MV-R03", "A first name is required.", AU_DOCUMENTED, AU_RULE_REQUIRED, "first_name", 0, 0, NULL, NULL },
	{ "MV-R03", "A last name is required.", AU_DOCUMENTED, AU_RULE_REQUIRED, "last_name", 0, 0, NULL, NULL },
	{ "MV-R03", "An e-mail address is required.", AU_DOCUMENTED, AU_RULE_REQUIRED, "mail", 0, 0, NULL, NULL },
	{ "MV-R03", "An e-mail address has the form local@domain.", AU_DOCUMENTED, AU_RULE_MAIL, "mail", 0, 0, NULL,
	    NULL },
	{ "MV-R04", "An API user is for at least one external application.", AU_INFERRED, AU_RULE_COUNT,
	    "rights.applications", 1, 0, NULL, NULL },
	NOTE(
	    "MV-R04", "An application is HttpApi, Salesforce, or one that Movius made for the company.", AU_DOCUMENTED),
	NOTE(
	    "MV-R05", "MultiLine for Salesforce needs the application Salesforce; HttpApi does not do.", AU_DOCUMENTED),
	NOTE("MV-R06", "On Save the portal mails user name and password to the user's address.", AU_DOCUMENTED),
	NOTE("MV-R07", "Personal details and external applications can be edited.", AU_DOCUMENTED),
	NOTE("MV-R08", "A user is deleted from its edit screen, with a confirmation, and can no longer use the API.",
	    AU_DOCUMENTED),
	{ "MV-R09", "When the only API user of an application is deleted, that integration stops.", AU_DOCUMENTED,
	    AU_RULE_EACH, "rights.applications", 1, 0, NULL, NULL },
	NOTE("MV-R10", "The portal offers neither another status nor a reset of the password.", AU_INFERRED),
	AU_RULE_END,
};

static const char *const purposes[] = { "any", "salesforce", NULL };

/* Columns: name, type, flags, min, max, choices, default, help. */
const struct au_opt movius_instance_opts[] = {
	{ "organisation", AU_STR, AU_REQUIRED, 1, 1024, NULL, NULL,
	    "Path of the organisation in the portal's tree, as \"Example > Sales\"; told in every work order." },
	{ "url", AU_STR, 0, 1, 2048, NULL, NULL, "Address of the portal, told in every work order." },
	{ "applications", AU_LIST, 0, 0, 64, NULL, NULL,
	    "Applications that Movius made for the company, besides HttpApi and Salesforce." },
	{ "second_address", AU_STR, 0, 1, 254, NULL, "{local}+2@{domain}",
	    "Address of a second API user that takes over when another credential is wanted, made of the first one's; mail to "
	    "it must arrive." },
	{ "mail_domains", AU_LIST, 0, 0, 64, NULL, NULL,
	    "Domains to whose addresses the portal may mail credentials; all when left out." },
	AU_OPT_END,
};

const struct au_opt movius_rights_opts[] = {
	{ "applications", AU_LIST, AU_REQUIRED, 1, 64, NULL, NULL, "External applications by name." },
	{ "purpose", AU_ENUM, 0, 0, 0, purposes, "any", "What the API user is for, to check what that needs." },
	AU_OPT_END,
};
