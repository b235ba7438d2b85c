/* SPDX-License-Identifier: ISC */
/* The plugin's table. */
#include "automation-anywhere/features.h"
#include "automation-anywhere/rights.h"
#include "automation-anywhere/rules.h"
#include "automation-anywhere/users.h"

const struct au_target apiuserd_target = {
	.abi = AU_TARGET_ABI,
	.size = sizeof(struct au_target),
	.name = "automation-anywhere",
	.product = "Automation Anywhere Control Room",
	.version = "1.0",
	.summary = "API users of Automation Anywhere Enterprise 11 and Automation 360, by the Control Room's REST API.",
	.caps = AU_CAP_LIST | AU_CAP_SET_RIGHTS | AU_CAP_DISABLE | AU_CAP_DELETE | AU_CAP_SET_PROFILE |
		AU_CAP_RESET_SECRET | AU_CAP_SET_SECRET | AU_CAP_READ_RIGHTS | AU_CAP_MARK | AU_CAP_POOLS,
	.limits = { .max_active = -1, .max_accounts = -1, .calls_per_minute = -1 },
	/* The classes are ours: the product asks for none, sites often do. */
	.password = { AA_PASSWORD_MIN, AA_PASSWORD_MAX, AA_PASSWORD_ALPHABET,
	    AU_PW_LOWER | AU_PW_UPPER | AU_PW_DIGIT | AU_PW_SIGN },
	.instance_opts = aa_instance_opts,
	.rights_opts = aa_rights_opts,
	.rules = aa_rules,
	.open = aa_open,
	.close = aa_close,
	.probe = aa_users_probe,
	.resolve = aa_rights_resolve,
	.find = aa_users_find,
	.get = aa_users_get,
	.create = aa_users_create,
	.list = aa_users_list,
	.set_rights = aa_users_set_rights,
	.set_active = aa_users_set_active,
	.set_profile = aa_users_set_profile,
	.reset_secret = aa_users_reset_secret,
	.remove = aa_users_remove,
	.pools = aa_pools,
	.read_pools = aa_features_read,
};
