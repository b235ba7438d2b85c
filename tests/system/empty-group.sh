#!/bin/bash
# SPDX-License-Identifier: ISC
# A group that is suddenly empty is held, not obeyed, until a person says so.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

people_count=5
members_at_start='1 2 3 4'
system_start
wait_for "four accounts" same_as_directory

held_steps() { ctl --json held || [ $? = 3 ]; } # 3: something is held
held() { held_steps | jq -e ".steps | length == $1"; }
empty_the_group
wait_for "all four removals are held" held 4
never "an account is disabled" 3 room_has app-1 "$is_disabled"
join 5
wait_for "creations go on meanwhile" room_has app-5 "$is_enabled"
for name in app-1 app-2 app-3 app-4; do room_has $name "$is_enabled" || die "$name was disabled"; done

stop daemon
daemon_start
wait_for "a restart forgets nothing of what is held" held 4
join 2
wait_for "who comes back needs no decision any more" held 3

step=$(held_steps | jq -r '.steps[] | select(.login == "app-1") | .id')
[ -n "$step" ] || die "no held step names app-1"
ctl approve "$step" --reason 'the owner confirmed'
wait_for "the approved one is disabled" room_has app-1 "$is_disabled"
room_has app-3 "$is_enabled" || die "a step that nobody approved ran"
pass
