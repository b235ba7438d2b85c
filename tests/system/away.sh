#!/bin/bash
# SPDX-License-Identifier: ISC
# The directory changes while the daemon is away, in good order and not.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

people_count=6
reconcile_options='interval = "1h"; guard_small_percent = 100;' # more than half of a small set leave here
members_at_start='1 2 3'
system_start
wait_for "the first three have accounts" same_as_directory

stop daemon
leave 1
join 4
daemon_start
wait_for "what changed while it was stopped is caught up with" same_as_directory
room_has app-1 "$is_disabled" || die "app-1 was deleted instead of disabled"

crash daemon
leave 2
join 5
printf 'dn: uid=app-3,%s\nchangetype: delete\n' "$people" | change
daemon_start
wait_for "what changed after a crash is caught up with" same_as_directory

stop daemon
directory_stop
daemon_start
never "an account is lost while the directory is away" 3 room_has app-4 "$is_disabled"
directory_start
join 6
wait_for "the directory is found again" same_as_directory
for name in app-1 app-2 app-3 app-4 app-5 app-6; do
	[ "$(room_created $name)" = 1 ] || die "$name was created $(room_created $name) times"
done
pass
