#!/bin/bash
# SPDX-License-Identifier: ISC
# Pauses that outlive a restart, waits that the product asks for, users and targets that are left alone, and one user now.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

people_count=14
members_at_start='1'
reconcile_options='interval = "1h"; guard_count = 100; guard_percent = 100; retry_failed = "1s";'
target_options='observe_interval = "1h"; retry_base = "200ms"; retry_cap = "500ms"; probe_interval = "1s"; user_failures = 4;
	failures_in_row = 3;'
system_start
wait_for "app-1 has its account" room_has app-1 "$is_enabled"

users=/v1/usermanagement/users
target_is() { ctl --json targets | jq -e --arg state "$1" '.targets[0].state == $state' >/dev/null; }
quarantined() { (ctl --json quarantine || true) | jq -e --arg user "$1" 'any(.quarantine[]; .user == $user)'; }
nobody_is_quarantined() { (ctl --json quarantine || true) | jq -e '.quarantine == []' >/dev/null; }

# ---- maintenance ----
ctl pause control-room --reason "they move" --until 1h >"$work/said"
grep -q 'control-room is left alone until .*; its steps wait' "$work/said" || die "pause said $(cat "$work/said")"
join 2
never "a paused target is sent something" 2 room_has app-2 "$is_enabled"
stop daemon
daemon_start
wait_for "the next daemon knows it, too" target_is paused
(ctl status || true) | grep 'paused.*until .*they move' >/dev/null || die "status does not tell of the pause"
never "a restart ends a pause" 2 room_has app-2 "$is_enabled"
ctl resume control-room >/dev/null
wait_for "what waited is done" room_has app-2 "$is_enabled"

# ---- 429 ----
room_fault '{"match": {"method": "POST", "path": "'$users'"}, "do": "status", "status": 429, "retry_after": 3}'
join 3
wait_for "the product asked us to wait" target_is throttled
join 4
never "anybody is sent before that" 1 room_has app-4 "$is_enabled"
wait_for "then both are" room_has app-3 "$is_enabled"
wait_for "app-4 too" room_has app-4 "$is_enabled"
nobody_is_quarantined || die "a 429 quarantined somebody"

# ---- one that fails ----
id=$(room_user app-1 .id)
room_fault '{"match": {"method": "PUT", "path": "'"$users/$id"'"}, "do": "status", "status": 500, "count": 0}'
leave 1
wait_for "app-1 is left alone" quarantined app-1
join 6
wait_for "and app-6 is not held up" room_has app-6 "$is_enabled"
target_is ok || die "one user stopped the target"
ctl explain app-1 >"$work/said"
grep -q 'quarantined since' "$work/said" || die "explain does not say why: $(cat "$work/said")"
grep -q 'last answer: step .* disable' "$work/said" || die "explain knows no answer: $(cat "$work/said")"
room_sim DELETE fault >/dev/null
never "app-1 is tried again by itself" 2 room_has app-1 "$is_disabled"
ctl quarantine release app-1 control-room --reason mended >/dev/null
wait_for "app-1 after its release" room_has app-1 "$is_disabled"

# ---- all that fail ----
room_fault '{"match": {"method": "POST", "path": "'$users'"}, "do": "status", "status": 500, "count": 0}'
join 7; join 8; join 9
wait_for "the target is left alone" target_is quarantine
room_sim DELETE fault >/dev/null
wait_for "it works again: all of them" room_has app-9 "$is_enabled"
wait_for "nothing is left" same_as_directory
nobody_is_quarantined || die "somebody is quarantined for the target's fault"

# ---- one user now ----
ctl run app-2 --dry-run >"$work/said" || die "a dry run failed"
for stage in Read Merged Wanted Compared; do
	grep -q "^$stage$" "$work/said" || die "no stage $stage in: $(cat "$work/said")"
done
grep -q 'in control-room: read' "$work/said" || die "the account was not read: $(cat "$work/said")"
ctl pause control-room --reason quick >/dev/null
join 10
ctl resume control-room >/dev/null
wait_for "app-10 is known" ctl show app-10
ctl run app-10 control-room >"$work/said" || die "run said $(cat "$work/said")"
grep -q '^  source corp: read now, with 1 of 1 groups$' "$work/said" || die "the person was not read: $(cat "$work/said")"
wait_for "app-10 is there" room_has app-10 "$is_enabled"

for name in 1 2 3 4 6 7 8 9 10; do
	[ "$(room_created "app-$name")" = 1 ] || die "app-$name was created $(room_created "app-$name") times"
done
pass
