#!/bin/bash
# SPDX-License-Identifier: ISC
# API users of Calabrio ONE and of Workforce Optimization from one group: join, other rights, leave, with faults on the way.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"
# shellcheck source=tests/system/tenant.sh
. "$top_srcdir/tests/system/tenant.sh"

people_count=5
members_at_start='1'
reconcile_options='interval = "1h"; grace = "1s"; guard_count = 100; guard_percent = 100; guard_rights_count = 100;
	guard_rights_percent = 100;'
target_options='observe_interval = "1h"; retry_base = "200ms"; retry_cap = "500ms"; probe_interval = "1s";'
person=/api/rest/org/common/person
system_start
wait_for "app-1 has its account in both" both_have app-1 "$is_active | $sees_the_tenant"
hand_over one app-1 wfm
hand_over wfo app-1 wfo

# ---- a create whose answer is lost, one that is refused for a while, a page in place of a list ----
tenant_fault one '{"match": {"method": "POST", "path": "'$person'"}, "do": "drop-after-commit"}'
tenant_fault wfo '{"match": {"method": "POST", "path": "'$person'"}, "do": "truncate"}'
join 2
wait_for "app-2 in both, whatever was not heard" both_have app-2 "$is_active | $sees_the_tenant"
for tenant in "${tenants[@]}"; do
	[ "$(tenant_created "$tenant" app-2)" = 1 ] || die "app-2 was created $(tenant_created "$tenant" app-2) times in $tenant"
done

# ---- the product goes away and comes back; the other keeps no more than names when a user is made ----
crash one
tenant_sim wfo POST switch '{"name": "post-min", "value": "on"}' >/dev/null
tenant_fault wfo '{"match": {"method": "PUT", "path": "'$person'/*"}, "do": "status", "status": 503, "count": 3}'
join 3
wait_for "app-3 is where a product answers" tenant_has wfo app-3 "$is_active | $sees_the_tenant"
tenant_start one
wait_for "app-3 where it was away" tenant_has one app-3 "$is_active | $sees_the_tenant"
hand_over one app-3 wfm

# ---- another template ----
tenant_rights='team = "Payroll"; teams = [ "Payroll" ]; groups = [ "Sales" ];'
daemon_reload
held_steps() { { ctl --json held || true; } | jq -r '.steps[].id'; }
all_are_held() { [ "$(held_steps | wc -l)" = 6 ]; }
wait_for "what a changed configuration would take away waits for somebody to say so" all_are_held
mapfile -t steps < <(held_steps)
ctl approve "${steps[@]}" --reason 'payroll sees its own teams only' >/dev/null
for number in 1 2 3; do wait_for "app-$number has the other rights" both_have "app-$number" "$is_active | $sees_payroll"; done

# ---- by hand ----
tenant_screen one user-edit '{"email": "app-1@apps.example", "set": {"scope": {"tenant": 1, "groups": [], "teams": []}}}'
tenant_screen wfo activate '{"email": "app-1@apps.example", "active": false}'
ctl apply >/dev/null
wait_for "what others changed is put right" both_have app-1 "$is_active | $sees_payroll"

# ---- leave and return ----
tenant_fault one '{"match": {"method": "PUT", "path": "'$person'/*"}, "do": "html"}'
leave 2
wait_for "app-2 leaves: inactive in both" both_have app-2 "$is_inactive"
join 2
wait_for "app-2 returns: the same account" both_have app-2 "$is_active | $sees_payroll"
printf 'dn: uid=app-3,%s\nchangetype: delete\n' "$people" | change
wait_for "app-3's entry is gone: inactive in both" both_have app-3 "$is_inactive"

# ---- at the end ----
wait_for "products and directory say the same" same_as_tenants
wait_for "nothing is left to do" store_is_settled
for tenant in "${tenants[@]}"; do
	for number in 1 2 3; do
		[ "$(tenant_created "$tenant" "app-$number")" = 1 ] || die "app-$number was not created once in $tenant"
	done
done
every_change_is_audited
while read -r password; do
	! grep -rqF -e "$password" "$work"/*.log "$work/state" || die "a password is in a file"
done < <(cat "$work"/*.passwords)
pass
