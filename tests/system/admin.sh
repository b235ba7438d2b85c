#!/bin/bash
# SPDX-License-Identifier: ISC
# A wrong administrator password is tried once, not until the product locks the account; a right one is taken over by a reload.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

people_count=2
members_at_start='1'
target_options='observe_interval = "1h"; retry_cap = "500ms"; probe_interval = "1h";'
directory_start
room_start
cp "$work/room.secret" "$work/right.secret"
printf 'wrong-pass.1\n' >"$work/room.secret"
write_config
daemon_start

refusals() { jq -c 'select(.path == "/v1/authentication" and .status == 401)' "$work/room-requests.log" | wc -l; }
refused() { [ "$(refusals)" -ge 1 ]; }
wait_for "the login is refused" refused
join 2
sleep 3
[ "$(refusals)" = 1 ] || die "the wrong password was tried $(refusals) times"
kill -KILL "$(child_of_daemon apiuserd-target)"
sleep 2
room_has admin "$is_enabled" || die "the administrator is locked out"
[ "$(refusals)" -le 2 ] || die "the wrong password was tried $(refusals) times"

cat "$work/right.secret" >"$work/room.secret"
daemon_reload
wait_for "the right password: what waited is done" same_as_directory
pass
