#!/bin/bash
# SPDX-License-Identifier: ISC
# Two different people: by the users that the kernel tells of at the control socket, not by what anybody says.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

people_count=5
members_at_start='1 2 3 4'
reconcile_options='interval = "1h"; approvals_restrict = 2; approve_own = false;'
control_options='operators = [ "nobody", "daemon" ];'
system_start
chmod 711 "$work" # secrets have modes of their own
wait_for "four accounts" same_as_directory

# as USER STATUS PATH BODY: one request by that user, who must get that status; the answer is in "$work/answer"
as() {
	local status
	status=$(setpriv --reuid="$1" --clear-groups curl -sS --max-time 60 --unix-socket "$work/control.sock" \
		-o "$work/answer" -w '%{http_code}' -d "$4" "http://localhost$3" 2>"$work/as.log" </dev/null) || status="none: $(cat "$work/as.log")"
	[ "$status" = "$2" ] || die "$1 got $status, not $2: $(cat "$work/answer")"
}
told() { jq -e "$1" "$work/answer" >/dev/null || die "not so: $1: $(cat "$work/answer")"; }
decide() { as "$1" "$2" "/v1/held/$3" "{\"steps\": [$4], \"reason\": \"by $1\"}"; }
held_steps() { ctl --json held "$@" || [ $? = 3 ]; } # 3: something is held
held() { held_steps | jq -e ".steps | length == $1"; }
step_of() { held_steps --user "$1" | jq -e '.steps[0].id'; }
ends_with() { # STATUS COMMAND...
	local expected=$1 status=0
	shift
	ctl "$@" >"$work/out" 2>&1 || status=$?
	[ "$status" = "$expected" ] || die "apiuserctl $* ended with $status, not $expected: $(cat "$work/out")"
}

if [ "$(id -u)" != 0 ]; then
	# One user alone can only see that he does not count twice.
	as() { die "not reached"; }
	empty_the_group
	wait_for "all four are held" held 4
	ends_with 3 approve --guard emptied-group --reason 'the first time'
	ends_with 1 approve --guard emptied-group --reason 'the second time'
	pass
	exit
fi

touch "$work/answer"
chmod 666 "$work/answer"
empty_the_group
wait_for "all four are held" held 4
first=$(step_of app-1) second=$(step_of app-2) third=$(step_of app-3)

# Somebody whom the configuration does not name decides nothing.
as 61234 403 /v1/held/approve "{\"steps\": [$first], \"reason\": \"mine\"}"
decide nobody 200 approve "$first"
told '.steps[0] | .state == "held" and .approvals == 1 and .needed == 2'
decide nobody 409 approve "$first"
told '.error.text | contains("somebody else")'
room_has app-1 "$is_enabled" || die "one was enough"
held_steps --user app-1 | jq -e '.steps[0].approvals | length == 1 and .[0].name == "nobody" and .[0].actor == "uid:65534"' >/dev/null ||
	die "who approved is not told: $(held_steps)"
ends_with 3 held --user app-1
grep -q '1 of 2: nobody' "$work/out" || die "the name is not shown: $(cat "$work/out")"
decide daemon 200 approve "$first"
told '.steps[0].state == "queued"'
wait_for "two people were enough" room_has app-1 "$is_disabled"

# One who rejects wins, whoever has approved it before.
decide daemon 200 approve "$second"
decide nobody 200 reject "$second"
told '.steps[0].state == "rejected"'
decide daemon 400 approve "$second"
room_has app-2 "$is_enabled" || die "a rejected step was done"

# Ranges and guards mean what is held; root is a person like any other, once.
ends_with 1 approve 900-999 --reason 'none is there'
ends_with 3 approve --guard emptied-group --target control-room --reason 'all of the guard'
ends_with 1 approve "$third-$((third + 9))" --reason 'again'
grep -q 'somebody else' "$work/out" || die "root counts twice: $(cat "$work/out")"
ends_with 1 approve --guard own-login --reason 'none is held by it'
for step in $(held_steps | jq '.steps[].id'); do decide nobody 200 approve "$step"; done
wait_for "the others are disabled" room_has app-4 "$is_disabled"
room_has app-2 "$is_enabled" || die "a rejected step was done"
held 0 >/dev/null || die "something is held still"

# Both are in the audit by number.
rows=$(ctl --json audit list --limit 200 | jq '[.rows[] | select(.verb == "step.approve") | .actor] | unique | join(" ")')
[ "$rows" = '"uid:0 uid:1 uid:65534"' ] || die "the audit tells of $rows"
pass
