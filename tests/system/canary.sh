#!/bin/bash
# SPDX-License-Identifier: ISC
# I22: no secret shows up where it does not belong: logs, command lines, environments, files of the state folder, answers.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

people_count=6
members_at_start='1 2'
reconcile_options='interval = "1h"; retry_failed = "1s";'
system_start
scim_client okta
wait_for "two accounts" same_as_directory

# Make every part talk: refusals, retries, restarts, a wrong password, a reload.
room_fault '{"match": {"method": "POST", "path": "/v1/usermanagement/users"}, "do": "status", "status": 500, "commit": true}'
join 3
wait_for "a third account, after trouble" room_has app-3 "$is_enabled"
room_fault '{"match": {"method": "POST", "path": "/v1/usermanagement/users"}, "do": "html"}'
join 4
wait_for "a fourth account" room_has app-4 "$is_enabled"
scim POST /Users '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"push-1","password":"Pushed-pass.1","emails":[{"value":"push-1@apps.example","primary":true}],"active":true}' >"$work/answer"
wait_for "a pushed account" room_has push-1 "$is_enabled"
printf 'Pushed-pass.1\n' >"$work/pushed.secret"
scim GET '/Users?filter=displayName%20eq%20%22Pushed-pass.1%22&Pushed-pass.1' >"$work/answer"
daemon_reload
kill -KILL "$(child_of_daemon apiuserd-target)"
join 5
wait_for "a fifth account, by a new worker" room_has app-5 "$is_enabled"
ctl plan -o "$work/ctl-saved-plan.out" >"$work/ctl-plan-text.out" 2>&1 || true
[ -s "$work/ctl-saved-plan.out" ] || die "no plan was saved"
for command in status users held steps audit plan; do ctl --json "$command" >"$work/ctl-$command.out" 2>&1 || true; done
ctl explain app-1 >"$work/ctl-explain.out" 2>&1 || true

sed 's/.*Bearer //' "$work/scim.header" >"$work/token.secret"
cat "$SLAPD_DIR/password" "$work/room.secret" "$work/pushed.secret" "$work/token.secret" "$work/room.passwords" >"$work/canaries"
[ "$(grep -c . "$work/canaries")" -ge 9 ] || die "there are too few secrets to search for"

search() { # search WHAT FILE...: no file may hold a secret
	local what=$1
	shift
	[ $# -gt 0 ] || die "$what: nothing to search"
	! grep -laF -f "$work/canaries" -- "$@" >"$work/found" || die "a secret is in $what: $(tr '\n' ' ' <"$work/found")"
	say "no secret in $what ($# files)"
}
for process in "${pid_of[daemon]}" $(children_of_daemon); do
	tr '\0' '\n' <"/proc/$process/cmdline" >"$work/process-$process.cmdline"
	# Processes that hold secrets hide the rest from everybody but root.
	[ ! -r "/proc/$process/environ" ] || tr '\0' '\n' <"/proc/$process/environ" >"$work/process-$process.environ"
done
search "command lines and environments" "$work"/process-*
grep -q 'POST /scim/v2/Users answered 201' "$work/daemon.log" || die "the request log is missing"
search "logs" "$work"/daemon.log "$work"/room-requests.log
search "answers of apiuserctl" "$work"/ctl-*.out
mapfile -t files < <(find "$work/state" -type f)
search "the state folder of the running daemon" "${files[@]}"
crash daemon
mapfile -t files < <(find "$work/state" -type f)
search "the state folder after a crash" "${files[@]}"

# The search itself must be able to find: plant one.
head -n 1 "$work/room.passwords" >"$work/planted"
grep -qF -f "$work/canaries" "$work/planted" || die "the search finds nothing at all"
pass
