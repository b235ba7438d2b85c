#!/bin/bash
# SPDX-License-Identifier: ISC
# Unattended is off: plans are saved, looked at and applied; what moved meanwhile is named, and is not done.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

people_count=5
members_at_start='1'
reconcile_options='interval = "1h"; unattended = false;'
system_start

# run STATUS COMMAND...: apiuserctl must end with that status; its output is in "$work/out"
run() {
	local expected=$1 status=0
	shift
	ctl "$@" >"$work/out" 2>&1 || status=$?
	[ "$status" = "$expected" ] || die "apiuserctl $* ended with $status, not $expected: $(cat "$work/out")"
}
told() { grep -qF -e "$1" "$work/out" || die "nothing says '$1': $(cat "$work/out")"; }
moved() { # moved NUMBER: so many things are said to have moved
	[ "$(grep -c '^  ~ ' "$work/out")" = "$1" ] || die "not exactly $1 moved: $(cat "$work/out")"
}
steps_planned() { [ "$(ctl --json plan | jq '.steps | length')" = "$1" ]; }

wait_for "one is to be made" steps_planned 1
never "it begins by itself" 2 room_has app-1
run 0 apply
room_has app-1 "$is_enabled" || die "apply did nothing"

join 2
join 3
wait_for "two are to be made" steps_planned 2
run 2 plan -o "$work/plan"
told '2 to add'
[ "$(stat -c %a "$work/plan")" = 600 ] || die "others may read a plan"
! grep -qF -f "$work/room.secret" "$work/plan" || die "a secret is in the plan"
! grep -qF -f "$SLAPD_DIR/password" "$work/plan" || die "a secret is in the plan"

# A member moves: that is named and nothing else, and nothing is begun.
leave 3
wait_for "one is to be made" steps_planned 1
run 2 apply "$work/plan"
told 'memberships for '
told 'app-3@'
moved 1
room_lacks app-2 || die "something was begun"

# One that somebody changed is refused by its member.
jq '.steps[0].login = "root"' "$work/plan" >"$work/changed"
run 1 apply "$work/changed"
told 'steps[0]'

run 2 apply --unmoved "$work/plan"
told 'one step of the plan begun'
wait_for "who did not move is in" room_has app-2 "$is_enabled"
room_lacks app-3 || die "who left was made"
run 0 apply "$work/plan"
told 'Nothing of the plan is left'

# Somebody takes the login in the product, and the configuration changes.
join 4
wait_for "one is to be made" steps_planned 1
run 2 plan -o "$work/plan"
room_sim POST console/user-create '{"username": "app-4", "email": "s@people.example", "password": "Not-ours.1", "roles": [{"id": 2}]}' >/dev/null
run 2 apply "$work/plan"
told 'the account '
moved 1
room_sim POST console/user-delete '{"username": "app-4"}' >/dev/null
reconcile_options='interval = "1h"; unattended = false; grace = "9d";'
write_config
daemon_reload
wait_for "one is to be made" steps_planned 1
run 2 apply "$work/plan"
told 'options of reconcile'
told 'grace: '
moved 1
run 2 plan -o "$work/plan"
run 0 apply "$work/plan"
wait_for "who waited is in" room_has app-4 "$is_enabled"
pass
