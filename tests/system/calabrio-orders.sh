#!/bin/bash
# SPDX-License-Identifier: ISC
# Both brands as public material knows them: no call takes a password, one tenant's people log in through IAM, and the
# other tells no views.  What no call does is done by somebody who follows the work orders to the letter.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"
# shellcheck source=tests/system/tenant.sh
. "$top_srcdir/tests/system/tenant.sh"

people_count=4
members_at_start='1'
reconcile_options='interval = "1h"; grace = "1s"; guard_count = 100; guard_percent = 100;'
target_options='observe_interval = "1h"; retry_base = "200ms"; retry_cap = "500ms"; probe_interval = "1s";'
tenant_options=([one]='--tells-views off' [wfo]='--wfo on --iam on')
tenant_more=([one]='views = false;' [wfo]='iam = true;')
tenant_block=([wfo]='' [one]='capacity = ( { pool = "seats"; limit = 2; } );')
person=/api/rest/org/common/person

order() { # TARGET USER: the one that waits for somebody
	ctl --json work list --state all |
		jq -re "[.orders[] | select(.target == \"$1\" and .login == \"$2@apps.example\" and .state == \"open\")] | .[0].id // empty"
}
no_order() { ! order "$@" >/dev/null; }

# do_order TARGET USER TENANT: take the password from the daemon, type it where the order says, report that it is done
do_order() {
	local id
	wait_for "an order for $2 in $1" order "$1" "$2"
	id=$(order "$1" "$2")
	ctl work claim "$id" >/dev/null
	(umask 077 && ctl work secret --force "$id" >"$work/password")
	{ ctl --json work show "$id" | jq -c .text && cat "$work/password"; } |
		python3 -B "$top_srcdir/tests/sim/calabrio/follow.py" "http://127.0.0.1:${tenant_port[$3]}" 2>"$work/stuck" ||
		die "the order cannot be followed: $(cat "$work/stuck")"
	ctl work complete "$id" >"$work/said" 2>&1 || die "work complete: $(cat "$work/said")"
	cat "$work/password" >>"$work/shown"
}
checks() { # NAME USER MEMBER: what the password that was typed last opens
	jq -cR --arg mail "$2@apps.example" '{email: $mail, password: .}' "$work/password" |
		curl -sS --fail --max-time 30 --noproxy '*' -d @- "http://127.0.0.1:${tenant_port[$1]}/__sim/login-check" | jq -e ".$3" >/dev/null
}
sees_all="select([.roles[].id] == [1] and .groupId == 1 and .scope.tenant == 1)"

system_start
wait_for "app-1 is there by call, in both" both_have app-1 "$is_active | $sees_all"
ctl --json work show "$(wait_for "its orders" order wfm app-1 >/dev/null; order wfm app-1)" | jq -e '.text.title | startswith("Calabrio ONE:")' >/dev/null ||
	die "the order speaks of another product"
do_order wfm app-1 one
checks one app-1 matches || die "the password that was typed is not the account's"
tenant_has one app-1 "select($main_view)" || die "the order did not lead to the main view"
do_order wfo app-1 wfo
checks wfo app-1 apiMatches || die "legacy API access was not given"
checks wfo app-1 'matches | not' || die "the API password opens the screens"

# ---- seats that are committed: nothing refuses more, so it is said before ----
ctl capacity wfm --what-if +2 >"$work/capacity" || true
grep -q 'go beyond the commitment and are billed' "$work/capacity" || die "nobody says what will be billed: $(cat "$work/capacity")"

# ---- nobody does the order before its user leaves; then there is none, and none twice ----
join 2
wait_for "app-2 is there" both_have app-2 "$is_active | $sees_all"
wait_for "an order for app-2" order wfm app-2
wait_for "and one for the twin" order wfo app-2
leave 2
wait_for "app-2 leaves by call, whatever waits for people" both_have app-2 "$is_inactive"
wait_for "nobody is asked for a password any more" no_order wfm app-2
wait_for "nor there" no_order wfo app-2
join 2
wait_for "app-2 returns" both_have app-2 "$is_active | $sees_all"
do_order wfm app-2 one
checks one app-2 matches || die "app-2 came back with another password"
do_order wfo app-2 wfo

# ---- a tenant that keeps no more of a new user than its names, and an answer that is lost: not made twice, and not
#      taken for ours on its name alone; people say so ----
tenant_sim one POST switch '{"name": "post-min", "value": "on"}' >/dev/null
tenant_sim one POST switch '{"name": "keeps-display-name", "value": "off"}' >/dev/null
tenant_fault one '{"match": {"method": "POST", "path": "'$person'"}, "do": "drop-after-commit"}'
join 3
unclear() { ctl explain app-3@apps.example wfm >"$work/explain" 2>&1 || true; grep -qi 'not ours\|adopt' "$work/explain"; }
wait_for "what was not heard is told" unclear
[ "$(tenant_created one app-3)" = 1 ] || die "app-3 was created $(tenant_created one app-3) times"
tenant_has one app-3 "select([.roles[]?.id] != [1])" || die "app-3 was changed before anybody said whose it is"
ctl adopt wfm app-3@apps.example app-3 --reason 'made by us a minute ago' >"$work/said" 2>&1 || die "adopt: $(cat "$work/said")"
held_steps() { { ctl --json held || true; } | jq -re '.steps[].id'; }
let_go() { local step; for step in $(held_steps); do ctl approve "$step" --reason meant >/dev/null || true; done; }
has_its_rights() { let_go; tenant_has one app-3 "$is_active | $sees_all"; }
wait_for "app-3 has its rights" has_its_rights
[ "$(tenant_created one app-3)" = 1 ] || die "app-3 was created $(tenant_created one app-3) times"

# ---- at the end ----
leave 1
wait_for "app-1 leaves: inactive in both" both_have app-1 "$is_inactive"
while read -r password; do
	! grep -rqF -e "$password" "$work"/*.log "$work/state" || die "a password is in a file"
done <"$work/shown"
ctl --json audit list --limit 1000 >"$work/audit"
! grep -qFf "$work/shown" "$work/audit" || die "a password is in the audit"
pass
