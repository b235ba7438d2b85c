#!/bin/bash
# SPDX-License-Identifier: ISC
# A template is checked, shown, and compared with the one in force before it is; what it then does is what was told.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

people_count=2
members_at_start='1 2'
template_rights='roles = [ "AAE_Basic" ];'
system_start

# run STATUS COMMAND...: apiuserctl must end with that status; its output is in "$work/out"
run() {
	local expected=$1 status=0
	shift
	ctl "$@" >"$work/out" 2>&1 || status=$?
	[ "$status" = "$expected" ] || die "apiuserctl $* ended with $status, not $expected: $(cat "$work/out")"
}
told() { grep -qF -e "$1" "$work/out" || die "nothing says '$1': $(cat "$work/out")"; }
# template FILE RIGHTS: with the rights in the fourth line
template() {
	printf 'templates = ( {\n  name = "bot-runner"; target = "control-room";\n  rights = {\n    %s\n  }; } );\n' "$2" >"$work/$1"
}
snapshot() {
	store_query 'SELECT * FROM step'
	store_query 'SELECT * FROM account'
	room_sim GET state | jq -S .users
}

wait_for "both are there" same_as_directory
wait_for "nothing is left to do" store_is_settled

run 0 template show bot-runner
told 'roles: [AAE_Basic]'
told 'auto_login:'
told "given by rule 'rpa' to 2 members of"

# By the rows of the plugin, by its rules, and by what the Control Room has: each with its line.
template good.conf 'roles = [ "AAE_Basic", "AAE_Bot Insight Expert" ];'
run 0 template check "$work/good.conf"
told 'fine, at the target'
template near.conf 'roles = [ "AAE_Basik" ];'
run 1 template check "$work/near.conf"
told "near.conf:4: role 'AAE_Basik' is unknown to the Control Room; did you mean 'AAE_Basic'?"
template option.conf 'rolls = [ "AAE_Basic" ];'
run 1 template check "$work/option.conf"
told "option.conf:4: option 'rolls': unknown; did you mean 'roles'?"
template rule.conf 'roles = [ ];'
run 1 template check "$work/rule.conf"
told "rule.conf:4: option 'roles'"
# Nobody is asked, neither the daemon nor the Control Room.
run 0 template check --offline --config "$work/apiuserd.conf" "$work/near.conf"
told 'the target was not asked: offline'
run 1 template check --offline --config "$work/apiuserd.conf" "$work/option.conf"
told 'option.conf:4:'
run 0 template check "$work/apiuserd.conf"
told 'fine, at the target'

snapshot >"$work/before"
run 2 template diff bot-runner "$work/good.conf"
told 'roles: + AAE_Bot Insight Expert  (1 stays)'
told 'It would change 2 accounts.'
run 1 template diff bot-runner "$work/near.conf"
told 'near.conf:4:'
run 1 template diff nobody "$work/good.conf"
told "'$work/good.conf' has none of that name"
run 0 template diff bot-runner
told 'It would change 0 accounts.'
template other.conf 'roles = [ "AAE_Bot Insight Expert" ];'
run 3 template diff bot-runner "$work/other.conf"
told "guard 'configuration'"
snapshot >"$work/after"
cmp "$work/before" "$work/after" || die "a question changed something"

# What was told is what a reload does.
template_rights='roles = [ "AAE_Basic", "AAE_Bot Insight Expert" ];'
daemon_reload
for name in app-1 app-2; do
	wait_for "$name has the new role" room_has $name 'select([.roles[].name] | sort == ["AAE_Basic", "AAE_Bot Insight Expert"])'
done
wait_for "nothing is left to do" store_is_settled
run 0 template diff bot-runner "$work/good.conf"

# Without a daemon a file with its own targets is checked all the same.
stop daemon
run 0 template check "$work/apiuserd.conf"
told 'the target was not asked'
pass
