/* SPDX-License-Identifier: ISC */
/* The module for Calabrio ONE: its words, its rules, and the table. */
#include "calabrio/people.h"
#include "calabrio/rules_rows.h"
#include "calabrio/template.h"

const struct ca_brand ca_brand = { .product = "Calabrio ONE", .rules = "CA-", .support = "Calabrio Support Services" };

static const struct au_product_rule rules[] = {
	CA_RULES_OF_PAGE("CA-"),
	CA_RULES_BEYOND("CA-", AU_DOCUMENTED),
	CA_ENDPOINT_ROWS(CA_RULE_OF_CALL) CA_ENDPOINT_GAPS(CA_RULE_OF_GAP) AU_RULE_END,
};

const struct au_target apiuserd_target = {
	.abi = AU_TARGET_ABI,
	.size = sizeof(struct au_target),
	.name = "calabrio-one",
	.product = "Calabrio ONE",
	.version = "1.0",
	.summary = "API users of Calabrio ONE, by the product's REST API and, where it has no call, by work orders.",
	CA_TABLE(rules),
};
