/* SPDX-License-Identifier: ISC */
/* The module for Workforce Optimization: its words, its rules, and the table. */
#include "calabrio/people.h"
#include "calabrio/rules_rows.h"
#include "calabrio/template.h"

const struct ca_brand ca_brand = {
	.product = "Workforce Optimization", .rules = "WF-", .support = "your provider's support"
};

static const struct au_product_rule rules[] = {
	CA_RULES_OF_PAGE("WF-"),
	CA_RULES_BEYOND("WF-", AU_INFERRED),
	CA_NOTE("WF-R25", AU_DOCUMENTED,
	    "The service account of an ACD is on the Default Team, may record screen and voice, and never changes; it "
	    "is no API user of this plugin."),
	CA_ENDPOINT_ROWS(CA_RULE_OF_CALL) CA_ENDPOINT_GAPS(CA_RULE_OF_GAP) AU_RULE_END,
};

const struct au_target apiuserd_target = {
	.abi = AU_TARGET_ABI,
	.size = sizeof(struct au_target),
	.name = "workforce-optimization",
	.product = "Workforce Optimization",
	.version = "1.0",
	.summary =
	    "API users of Workforce Optimization, by the product's REST API and, where it has no call, by work orders.",
	CA_TABLE(rules),
};
