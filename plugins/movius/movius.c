/* SPDX-License-Identifier: ISC */
/* The plugin's table. */
#include "movius/orders.h"
#include "movius/rights.h"
#include "movius/rules.h"
#include "movius/session.h"

const struct au_target apiuserd_target = {
	.abi = AU_TARGET_ABI,
	.size = sizeof(struct au_target),
	.name = "movius",
	.product = "Movius MultiLine",
	.version = "1.0",
	.summary = "API users of a MultiLine Management Portal, by work orders, as the portal has no calls for them.",
	.caps = AU_CAP_MANUAL | AU_CAP_SET_RIGHTS | AU_CAP_DELETE | AU_CAP_SET_PROFILE | AU_CAP_RESET_SECRET |
		AU_CAP_MAILS_SECRET | AU_CAP_RENEWS,
	.limits = { .max_active = -1, .max_accounts = -1, .calls_per_minute = -1 },
	.instance_opts = movius_instance_opts,
	.rights_opts = movius_rights_opts,
	.rules = movius_rules,
	.open = movius_open,
	.close = movius_close,
	.probe = movius_probe,
	.resolve = movius_rights_resolve,
	.order = movius_order,
};
