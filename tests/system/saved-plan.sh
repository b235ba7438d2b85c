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

# What is not the plan that was saved is refused, each by what is wrong with it.
refused() { # refused TEXT JQ: the plan that jq makes of it
	jq "$2" "$work/plan" >"$work/changed"
	run 1 apply "$work/changed"
	told "$1"
}
refused 'steps[0]' '.steps[0].login = "root"'
refused 'inputs[' '.inputs[0].hash = "00"'
refused 'steps: is missing' 'del(.steps)'
refused 'extra: was not there' '.extra = 1'
refused 'digest: is missing' 'del(.digest)'
refused 'saved by another daemon' '.daemon = "0011223344556677"'
refused 'format: is 0, and 1 is what this daemon reads' '.format = 0'
head -c 700 "$work/plan" >"$work/changed"
run 1 apply "$work/changed"
told "$work/changed"
run 1 apply "$work/nothing"
told "$work/nothing"
[ "$(stat -c '%a %u' "$work/plan")" = "600 $(id -u)" ] || die "others may read a plan"
room_lacks app-2 || die "something was begun"

# The daemon dies and comes back: the plan is as good as before.
crash daemon
daemon_start
wait_for "one is to be made still" steps_planned 1

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

# Somebody gives more in the product, after it was planned to take something away.
template_rights='roles = [ "AAE_Basic" ];'
write_config
daemon_reload
is_planned() { (ctl --json plan || true) | jq -e '.steps | length == 3 and all(.[]; .op == "set-rights")'; }
wait_for "rights are to be taken from all three" is_planned
run 3 plan -o "$work/plan"
told '3 held'
room_edit app-1 '{"roles": [{"id": 2}, {"id": 5}]}'
run 2 apply "$work/plan"
told 'the account control-room/app-1'
told 'roles: '
moved 1
# The others rest on nothing that moved.  Two alone would be within the limits, but people were shown that they are held.
run 3 apply --unmoved "$work/plan"
told '2 held'
told '1 left out'
room_has app-2 '.licenseFeatures == ["RUNTIME"]' || die "a held step was done"
pass
