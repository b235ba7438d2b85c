/* SPDX-License-Identifier: ISC */
/* The table of the plugin that sets passwords, for services that take them. */
#include "scim-target/rights.h"
#include "scim-target/rules.h"
#include "scim-target/users.h"

/* SCIM has no rule for passwords.  Letters, digits and the signs that no service is known to refuse. */
#define ALPHABET "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!"

const struct au_target apiuserd_target = {
	.abi = AU_TARGET_ABI,
	.size = sizeof(struct au_target),
	.name = "scim-password",
	.product = "SCIM 2.0 service",
	.version = "1.0",
	.summary = "API users of any service that speaks SCIM 2.0 and takes passwords by it.",
	.caps = AU_CAP_LIST | AU_CAP_SET_RIGHTS | AU_CAP_DISABLE | AU_CAP_DELETE | AU_CAP_SET_PROFILE |
		AU_CAP_READ_RIGHTS | AU_CAP_MARK | AU_CAP_BORN_ALLOWED | AU_CAP_RESET_SECRET | AU_CAP_SET_SECRET,
	.limits = { .max_active = -1, .max_accounts = -1, .calls_per_minute = -1 },
	.password = { 24, 32, ALPHABET, AU_PW_LOWER | AU_PW_UPPER | AU_PW_DIGIT | AU_PW_SIGN },
	.instance_opts = sc_instance_opts,
	.rights_opts = sc_rights_opts,
	.rules = sc_rules,
	.open = sc_open,
	.close = sc_close,
	.probe = sc_users_probe,
	.resolve = sc_rights_resolve,
	.find = sc_users_find,
	.get = sc_users_get,
	.create = sc_users_create,
	.list = sc_users_list,
	.set_rights = sc_users_set_rights,
	.set_active = sc_users_set_active,
	.set_profile = sc_users_set_profile,
	.reset_secret = sc_users_reset_secret,
	.remove = sc_users_remove,
};
