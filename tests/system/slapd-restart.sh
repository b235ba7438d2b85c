#!/bin/bash
# SPDX-License-Identifier: ISC
# The directory dies at any moment of the first read, and later: nothing partial is ever believed.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

people_count=400
members_at_start=$(seq -s ' ' 1 40)
reconcile_options='interval = "2s"; guard_count = 1000; guard_percent = 100;' # no brake: only proof of completeness protects
directory_start
room_start
write_config
daemon_start
for pause in 0 0.05 0.1 0.2 0.4 0.8; do
	sleep "$pause"
	directory_crash
	directory_start
done
wait_for "all accounts are there in the end" same_as_directory

for round in 1 2 3; do
	directory_crash
	sleep "0.$round"
	directory_start
	leave "$round"
	wait_for "round $round: one leaves after a restart, nobody else" same_as_directory
done
disabled=$(jq -r 'select(.method == "PUT" and .body.disabled == true) | .path' "$work/room-requests.log" | sort | uniq | wc -l)
[ "$disabled" = 3 ] || die "$disabled accounts were disabled at some time, not the three that left"
pass
