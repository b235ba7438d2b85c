/* SPDX-License-Identifier: ISC */
/* Each option is looked up twice: in the target's block, where it has no default, then in that of reconcile. */
#include "reconcile/brake.h"

static struct au_brake_num
read_num(const struct au_values *reconcile, const struct au_values *own, const char *target, const char *option)
{
	if (own && au_values_is_set(own, option))
		return (struct au_brake_num){ au_values_num(own, option), option, target };
	return (struct au_brake_num){ au_values_num(reconcile, option), option, NULL };
}

void
au_brake_read(
    const struct au_values *reconcile, const struct au_values *target_values, const char *target, struct au_brake *ret)
{
	*ret = (struct au_brake){ .count = read_num(reconcile, target_values, target, "guard_count"),
		.percent = read_num(reconcile, target_values, target, "guard_percent"),
		.rights_count = read_num(reconcile, target_values, target, "guard_rights_count"),
		.rights_percent = read_num(reconcile, target_values, target, "guard_rights_percent"),
		.small_percent = read_num(reconcile, target_values, target, "guard_small_percent"),
		.window_ms = read_num(reconcile, target_values, target, "guard_window").num,
		.approve_own = read_num(reconcile, target_values, target, "approve_own").num,
		.held_expiry_ms = read_num(reconcile, target_values, target, "held_expiry").num };
	ret->approvals[AU_LANE_SAFE] = 1;
	ret->approvals[AU_LANE_RESTRICT] = read_num(reconcile, target_values, target, "approvals_restrict").num;
	ret->approvals[AU_LANE_DESTRUCTIVE] = read_num(reconcile, target_values, target, "approvals_destructive").num;
}
