#!/bin/bash
# SPDX-License-Identifier: ISC
# What people can say to a source: pause, look, resume; and that nobody goes while its word is not to be believed.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

people_count=20
members_at_start='1 2 3 4 5 6 7 8'
source_options='retry_cap = "500ms"; probe_interval = "2s"; confirm_after = "200ms"; full_compare = "1s";'
source_options+=" people_canaries = [ \"uid=app-20,$people\" ];"
reconcile_options='interval = "1h"; guard_count = 100; guard_percent = 100;'
system_start
wait_for "eight accounts" same_as_directory

state_is() { ctl --json sources | jq -e ".sources[] | select(.name == \"corp\").state == \"$1\""; }
source_is() { { ctl --json source show corp || true; } | jq -e "$1"; }
access() { # access RULE...: who may read what from now on
	slapd_access "$@"
	slapd_stop
	slapd_start_again
}
all_are_enabled() {
	local number
	for number in 1 2 3 4 5 6 7 8; do room_has "app-$number" "$is_enabled" || return 1; done
}
# Another trouble, and how it ends: held WHAT DOUBT COMMAND...
held() {
	local what=$1 doubt=$2
	shift 2
	"$@"
	wait_for "$what" source_is ".state == \"suspect\" and (.text | test(\"$doubt\"))"
	source_is '.missing_total > 0 and (.missing[0].dn | test("^uid=|^cn="))' >/dev/null || die "nobody is shown to be held"
	all_are_enabled || die "somebody was disabled because: $what"
	local rc=0
	ctl status >/dev/null || rc=$?
	[ $rc -eq 3 ] || die "status ends with $rc while removals are held because: $what"
}

# ---- paused ----
ctl source pause corp --reason 'the directory moves'
wait_for "a paused source says so" state_is paused
wait_for "and its process ends" eval '! child_of_daemon apiuserd-source'
leave 8
join 9
stop daemon
daemon_start
wait_for "the next daemon knows it, too" state_is paused
never "a paused source is followed" 2 room_has app-9 "$is_enabled"
all_are_enabled || die "somebody was disabled while the source was paused"
ctl source resume corp
wait_for "resumed, it is followed" room_has app-9 "$is_enabled"
wait_for "with who left meanwhile" room_has app-8 "$is_disabled"
wait_for "and is well" state_is ok
join 8
wait_for "all are enabled" all_are_enabled
for verb in pause resume; do ctl audit list | grep -q "source.$verb" || die "the audit lacks $verb"; done

# ---- not to be believed ----
held "who may read nobody is not told that all are gone" 'people: .*30 of 30' \
	access "access to dn.subtree=\"$people\" by dn.exact=\"$SLAPD_READER\" search"
access
wait_for "who is seen again is believed again" state_is ok

held "a canary that is hidden holds the one who is missing" 'canary' \
	access "access to dn.exact=\"uid=app-20,$people\" by dn.exact=\"$SLAPD_READER\" none"
access
wait_for "the canary is seen again" state_is ok

slapd_stop
slapd_backup >"$work/full.ldif"
awk 'BEGIN { RS = ""; ORS = "\n\n" } !/^dn: uid=app-([1-9]|10),/' "$work/full.ldif" >"$work/half.ldif"
held "half of all are not gone because a database lacks them" 'people: .*10 of 30' \
	eval 'slapd_restore <"$work/half.ldif"; slapd_start_again'
ctl source resync corp
never "reading anew lifts the doubt" 2 state_is ok
slapd_stop
slapd_restore <"$work/full.ldif"
slapd_start_again
wait_for "the whole database is believed" state_is ok

# ---- and true after all ----
held "an emptied base is held" 'people: .*20 of 30' eval 'for n in {1..20}; do printf "dn: uid=app-%d,%s\nchangetype: delete\n\n" "$n" "$people"; done | change; ctl source resync corp'
ctl source resume corp --reason 'the department is closed'
wait_for "somebody's word lets them go" eval '! { ctl --json source show corp || true; } | jq -e ".entries != 10"'
ctl --json audit list | jq -e '[.rows[] | select(.verb == "source.resume")][0].detail | .reason == "the department is closed"' >/dev/null ||
	die "the reason is not in the audit"
pass
