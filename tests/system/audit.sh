#!/bin/bash
# SPDX-License-Identifier: ISC
# The audit chain as an auditor meets it: what it tells, what the log was told of it, and what a changed store looks like.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

# What a command says has this in it.
says() {
	local wanted=$1
	shift
	ctl "$@" >"$work/said"
	grep -q -e "$wanted" "$work/said" || die "$* does not say '$wanted': $(cat "$work/said")"
}

# What verify says must be this, and its exit status that of a broken chain.
is_broken() {
	local wanted=$1
	shift
	if ctl audit verify "$@" >"$work/verdict"; then die "a chain that is not whole verifies"; fi
	grep -q -e "$wanted" "$work/verdict" || die "verify says otherwise: $(cat "$work/verdict")"
	say "verify: $(cat "$work/verdict")"
}

people_count=4
members_at_start='1'
daemon_options='audit_anchor = "1s";'
system_start
wait_for "app-1 has its account" room_has app-1 "$is_enabled"
join 2
wait_for "app-2, too" room_has app-2 "$is_enabled"

says 'is intact' audit verify
[ "$(ctl --json audit list --user app-1 --verb step.done | jq '.rows | length')" -ge 1 ] || die "no deed for app-1"
row=$(ctl --json audit list --user app-1 --verb step.done --limit 1 | jq '.rows[0].seq')
says '^did *step.done' audit show "$row"
ctl --json audit list --user app-1 | jq -e --arg id "$(store_query "SELECT id FROM account WHERE login = 'app-2'")" \
	'all(.rows[]; .object != $id)' >/dev/null || die "rows of app-2 among those of app-1"
ctl audit export >"$work/rows"
[ "$(wc -l <"$work/rows")" -ge "$(jq -s 'map(.seq) | max' "$work/rows")" ] || die "the export has gaps"
ctl audit export --format csv --verb step >"$work/table"
grep -q '^row,when,who,did,to,detail,mac' "$work/table" || die "no CSV"

wait_for "the log is told of the chain" ctl audit verify --anchors "$work/daemon.log"
says 'holds what was logged' audit verify --anchors - <"$work/daemon.log"

stop daemon
cp -a "$work/state" "$work/kept"
daemon_start
join 3
wait_for "app-3 joins" room_has app-3 "$is_enabled"
stop daemon
cp -a "$work/state" "$work/newest"
rm -r "$work/state"
cp -a "$work/kept" "$work/state"
daemon_options='audit_anchor = "0";'
write_config
daemon_start
says 'is intact' audit verify
is_broken 'anchored' --anchors "$work/daemon.log"
stop daemon

rm -r "$work/state"
cp -a "$work/newest" "$work/state"
daemon_options='audit_anchor = "0"; audit_keep = "1s";'
write_config
sleep 1.5 # every row of before is older than audit_keep then, that of the newest anchor as well
daemon_start
wait_for "old rows are removed, and that is told" grep -q 'older than audit_keep' "$work/daemon.log"
says 'were removed for their age' audit verify
says 'of rows that were removed' audit verify --anchors "$work/daemon.log"
[ "$(ctl --json audit list --verb audit.prune | jq '.rows | length')" -ge 1 ] || die "no row tells of the removal"
stop daemon

daemon_options='audit_anchor = "0";'
write_config
row=$(store_query 'SELECT max(seq) FROM audit')
sqlite3 "$work/state/apiuserd.db" "UPDATE audit SET actor = 'uid:0' WHERE seq = $row"
daemon_start
is_broken "row $row does not fit the chain"
pass
