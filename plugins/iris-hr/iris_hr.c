/* SPDX-License-Identifier: ISC */
/* The plugin's table. */
#include "iris-hr/orders.h"
#include "iris-hr/rights.h"
#include "iris-hr/rules.h"
#include "iris-hr/session.h"

const struct au_target apiuserd_target = {
	.abi = AU_TARGET_ABI,
	.size = sizeof(struct au_target),
	.name = "iris-hr",
	.product = "IRIS HR Professional",
	.version = "1.0",
	.summary = "API users of IRIS HR Professional, by work orders, as the product has no calls for them.",
	.caps = AU_CAP_MANUAL | AU_CAP_SET_RIGHTS | AU_CAP_DISABLE | AU_CAP_DELETE | AU_CAP_RESET_SECRET |
		AU_CAP_SHOWS_SECRET | AU_CAP_DISCREET,
	.limits = { .max_active = IRIS_ACTIVE_MOST, .max_accounts = -1, .calls_per_minute = -1 },
	.instance_opts = iris_instance_opts,
	.rights_opts = iris_rights_opts,
	.rules = iris_rules,
	.open = iris_open,
	.close = iris_close,
	.probe = iris_probe,
	.resolve = iris_rights_resolve,
	.order = iris_order,
};
