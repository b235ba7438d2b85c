/* SPDX-License-Identifier: ISC */
/* The state of a user's accounts in targets, for people who look at the user in the identity provider. */
#include "scim/schema.h"

static const char *const statuses[] = { "wanted", "pending", "active", "disabled", "held", "failed", "conflict", NULL };

static const struct au_attr account_subs[] = {
	{ .name = "target",
	    .description = "Name of the target that holds the account.",
	    .mutability = AU_ATTR_READ_ONLY,
	    .case_exact = true },
	{ .name = "login",
	    .description = "Log-in name of the account there.",
	    .mutability = AU_ATTR_READ_ONLY,
	    .case_exact = true },
	{ .name = "status",
	    .description =
		"What has become of it: wanted and not there yet, there with a change pending, active, disabled, held "
		"for a person's approval, failed, or in conflict with an account that is not ours.",
	    .mutability = AU_ATTR_READ_ONLY,
	    .canonical = statuses },
	{ .name = "pending", .description = "Change that is next.", .mutability = AU_ATTR_READ_ONLY },
	{ .name = "lastError",
	    .description = "What went wrong last, while it matters.",
	    .mutability = AU_ATTR_READ_ONLY },
	{ .name = "lastChanged",
	    .description = "When the account last changed in the target.",
	    .type = AU_ATTR_DATETIME,
	    .mutability = AU_ATTR_READ_ONLY },
	{ .name = NULL },
};

static const struct au_attr account_attrs[] = {
	{ .name = "accounts",
	    .description = "Accounts of the API user that this user is part of.",
	    .type = AU_ATTR_COMPLEX,
	    .mutability = AU_ATTR_READ_ONLY,
	    .multi = true,
	    .in_rows = true,
	    .subs = account_subs },
	{ .name = NULL },
};

const struct au_schema au_schema_account = {
	.id = "urn:ietf:params:scim:schemas:extension:apiuserd:2.0:Account",
	.name = "Account",
	.description = "The state of a user's accounts in targets.",
	.attrs = account_attrs,
};
