#!/bin/bash
# SPDX-License-Identifier: ISC
# All five products from one group: three members in one change of the directory, other templates, one who leaves, a
# group that is emptied by mistake, with faults all the way; two products are called, one is called by two names, and two
# are done by an operator who follows the work orders.  At the end every stand-in is asked what it holds.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"
# shellcheck source=tests/system/tenant.sh
. "$top_srcdir/tests/system/tenant.sh"
# shellcheck source=tests/system/desk.sh
. "$top_srcdir/tests/system/desk.sh"

people_count=3
members_at_start=''
grace=1h
bot='roles = [ "AAE_Basic" ]; license_features = [ "RUNTIME" ];'
clerk='self = [ "Personal: read-only" ];'
sender='applications = [ "HttpApi" ];'
two=false second=()
if [ "$(id -u)" = 0 ]; then # a deletion takes two, and they are two for the kernel
	two=true
	second=(setpriv --reuid nobody --regid nogroup --clear-groups)
fi

plugin() { echo "$top_builddir/plugins/$1/.libs/$1.so"; }
write_config() {
	make_helpers
	cat >"$work/apiuserd.conf" <<-CONF
		daemon: { state_dir = "$work/state"; helper_dir = "$work/helpers"; log_level = "debug"; };
		control: { socket = "$work/control.sock"; operators = [ "nobody" ]; };
		reconcile: { interval = "1h"; grace = "$grace"; guard_count = 100; guard_percent = 100; };
		sources: ( { name = "corp"; kind = "ldap"; servers = [ "$SLAPD_TLS_URL" ];
		             ca_file = "$SLAPD_DIR/ca.pem"; bind_dn = "$SLAPD_READER";
		             password = "file:$SLAPD_DIR/password"; people_base = "$people";
		             groups_base = "ou=groups,$suffix"; $source_options } );
		targets: ( { name = "rpa"; plugin = "$(plugin automation-anywhere)"; $retries
		             options = { url = "http://127.0.0.1:$room_port"; username = "admin";
		                         password = "file:$work/room.secret"; request_limit = 0; }; },
		           $(tenant_target one wfm calabrio-one 'password_member = "password";'),
		           $(tenant_target wfo wfo workforce-optimization "endpoints = [ \
		             \"password_set PUT /api/rest/org/common/guide/person/{id}/password\" ];"),
		           { name = "hr"; plugin = "$(plugin iris-hr)"; probe_interval = "1s"; export_lag = "0s"; order_two = $two; },
		           { name = "sms"; plugin = "$(plugin movius)"; login = "{mail}"; leave = "delete"; probe_interval = "1s";
		             export_lag = "0s"; order_two = $two;
		             options = { organisation = "Example > Sales"; mail_domains = [ "apps.example" ]; }; } );
		templates: ( { name = "bot"; target = "rpa"; rights = { $bot }; },
		             { name = "planner"; target = "wfm"; rights = { $tenant_rights }; },
		             { name = "optimizer"; target = "wfo"; rights = { $tenant_rights }; },
		             { name = "clerk"; target = "hr"; rights = { $clerk }; },
		             { name = "sender"; target = "sms"; rights = { $sender }; } );
		rules: ( { name = "rpa"; source = "corp"; group = "$group"; template = "bot"; },
		         { name = "wfm"; source = "corp"; group = "$group"; template = "planner"; },
		         { name = "wfo"; source = "corp"; group = "$group"; template = "optimizer"; },
		         { name = "hr"; source = "corp"; group = "$group"; template = "clerk"; },
		         { name = "sms"; source = "corp"; group = "$group"; template = "sender"; } );
	CONF
}
retries="$target_options retry_base = \"200ms\";"
target_options="leave = \"disable\"; $retries" # of the tenants

# ---- what is there ----

bot_is='select([.roles[].name] == ["AAE_Basic"] and .licenseFeatures == ["RUNTIME"])'
tenant_is=$sees_the_tenant
clerk_is='[.active, ([.rights | to_entries[] | select(.value != "none") | "\(.key)=\(.value)"])] == [true, ["Self > Personal=read-only"]]'
sender_is='[.organisation, .applications] == ["Example > Sales", ["HttpApi"]]'

called_have() { # USER: the products with calls
	room_has "$1" "$is_enabled | $bot_is" && both_have "$1" "$is_active | $tenant_is"
}
screens_have() { # USER
	user_of iris-hr "$1" | jq -e "$clerk_is" && user_of movius "$1" | jq -e "$sender_is"
} >/dev/null
all_have() {
	local number
	for number; do called_have "app-$number" && screens_have "app-$number" || return 1; done
}
people_of() { # CONSOLE: who has an account there, each as often as it has
	state "$1" | jq -r '.users[] | (.mail // .name) | sub("@.*"; "")' | LC_ALL=C sort | tr '\n' ' '
}
struck() { # SIM...: the rule of the fault script that was told last has struck
	"$@" GET fault | jq -e '[.. | .struck? // empty] | last > 0'
}
do_deletion() { # TARGET LOGIN CONSOLE: the daemon is killed between the one who did it and the one who saw it
	local id
	wait_for "an order to delete $2 in $1" order "$1" "$2"
	id=$(order "$1" "$2")
	follow "$id" "$3" || die "the order cannot be followed: $(cat "$work/stuck")"
	tell "$id"
	[ "$two" = true ] || return 0
	grep -q 'a second person must confirm it' "$work/said" || die "one was enough: $(cat "$work/said")"
	crash daemon
	daemon_start
	"${second[@]}" "$top_builddir/daemon/ctl/apiuserctl" --socket "$work/control.sock" work complete "$id" >"$work/said" 2>&1 ||
		die "the second person got: $(cat "$work/said")"
}
do_both() {
	do_order hr "$1" iris-hr
	do_order sms "$1@apps.example" movius
}
held() { ctl --json held || [ $? = 3 ]; } # 3: something is held
held_count() { held | jq -e --argjson count "$1" '.steps | length == $count'; }
# shellcheck disable=SC2046 # numbers
approve_them() { held_count "$1" && ctl approve $(held | jq '.steps[].id') --reason meant; }
approve_all() { wait_for "$1 steps wait for a person's word, and have it" approve_them "$1"; } # all of them or none
kill_helpers() { # all that speak to products
	local child
	for child in $(children_of_daemon); do
		[ "$(cat "/proc/$child/comm" 2>/dev/null)" != apiuserd-target ] || kill -KILL "$child"
	done
}

chmod 711 "$work" # the second person comes in; secrets have modes of their own
directory_start
room_start
for tenant in "${tenants[@]}"; do tenant_start "$tenant"; done
console_start iris-hr
console_start movius
write_config
daemon_start
users=/v1/usermanagement/users
person=/api/rest/org/common/person

# ---- one change of the directory: three members ----
room_fault '{"match": {"method": "POST", "path": "'$users'"}, "do": "drop-after-commit"},
	{"match": {"method": "POST", "path": "'$users'", "nth": 2}, "do": "status", "status": 503}'
tenant_fault wfo '{"match": {"method": "POST", "path": "'$person'"}, "do": "truncate"}'
tenant_fault one '{"match": {"method": "POST", "path": "'$person'"}, "do": "delay", "ms": 1500}'
printf 'dn: %s\nchangetype: modify\nadd: member\n' "$group" >"$work/change"
for number in 1 2 3; do printf 'member: uid=app-%d,%s\n' "$number" "$people"; done >>"$work/change"
grep -v app-2 "$work/change" >"$work/change-back"
change <"$work/change"
wait_for "somebody is being made in wfm" struck tenant_sim one
kill_helpers
wait_for "an order for app-1" order hr app-1
crash daemon
daemon_start
for number in 1 2 3; do do_both "app-$number"; done
wait_for "all three are in all five, with the templates' rights" all_have 1 2 3

for number in 1 2 3; do # whatever was not heard, the password that is handed over is the account's
	wait_for "a password for app-$number in rpa" take_password "app-$number" rpa
	room_password_fits "app-$number" <"$work/taken" || die "the password of app-$number in rpa is another one"
	hand_over one "app-$number" wfm
	hand_over wfo "app-$number" wfo
done

# ---- other templates for all, and what that takes away is asked for first ----
bot='roles = [ "AAE_Meta Bot Designer" ];'
bot_is='select([.roles[].name] == ["AAE_Meta Bot Designer"] and .licenseFeatures == [])'
tenant_rights='team = "Payroll"; teams = [ "Payroll" ]; groups = [ "Sales" ];'
tenant_is=$sees_payroll
clerk='self = [ "Contract: full" ];'
clerk_is=${clerk_is/Personal=read-only/Contract=full}
sender='applications = [ "Salesforce" ]; purpose = "salesforce";'
sender_is=${sender_is/HttpApi/Salesforce}
daemon_reload
room_fault '{"match": {"method": "PUT", "path": "'$users'/*"}, "do": "drop-after-commit"},
	{"match": {"method": "PUT", "path": "'$users'/*", "nth": 2}, "do": "status", "status": 503, "retry_after": 1}'
tenant_fault one '{"match": {"method": "PUT", "path": "'$person'/*"}, "do": "html"}'
tenant_fault wfo '{"match": {"method": "PUT", "path": "'$person'/*"}, "do": "delay", "ms": 1500}'
approve_all 15
wait_for "somebody is being changed in wfo" struck tenant_sim wfo
crash daemon
daemon_start
for number in 1 2 3; do do_both "app-$number"; done
wait_for "all three have the other rights in all five" all_have 1 2 3

# ---- one leaves, in each product's own way: disabled, deactivated twice, and deleted by two people ----
room_fault '{"match": {"method": "PUT", "path": "'$users'/*"}, "do": "drop-after-commit"}'
tenant_fault one '{"match": {"method": "PUT", "path": "'$person'/*"}, "do": "status", "status": 503}'
tenant_fault wfo '{"match": {"method": "PUT", "path": "'$person'/*"}, "do": "truncate"}'
leave 2
do_order hr app-2 iris-hr
do_deletion sms app-2@apps.example movius
has_left() { room_has app-2 "$is_disabled" && both_have app-2 "$is_inactive" && user_of iris-hr app-2 | jq -e '.active | not' && ! user_of movius app-2; }
wait_for "app-2 has left all five" has_left
grace=0s
daemon_reload
approve_all 2
do_deletion hr app-2 iris-hr
wait_for "and is gone where who leaves is deleted" room_lacks app-2
! user_of iris-hr app-2 || die "app-2 is in hr still"

# ---- the group is emptied by mistake: nothing is done, and nothing is left of it when that is undone ----
empty_the_group
wait_for "nobody leaves before a person has seen it" held_count 10
held | jq -e '[.steps[] | select(.target == "sms") | .guard | contains("last-of-right")] | any' >/dev/null || die "the last of an application is like any other: $(held)"
change <"$work/change-back"
wait_for "nothing is held any more" held_count 0

# ---- the lists of the products without calls say what the orders did; a second run finds nothing to do ----
state iris-hr | jq -r '"login,id,active", (.users[] | "\(.name),\(.username),\(.active)")' >"$work/hr.csv"
state movius | jq -r '"login", .users[].mail' >"$work/sms.csv"
for target in hr sms; do
	ctl import "$target" "$work/$target.csv" >"$work/said" || die "the list is refused: $(cat "$work/said")"
	! grep -q -e 'Missing' -e 'are not' "$work/said" || die "the list of $target contradicts the orders: $(cat "$work/said")"
done
wait_for "nothing is left to do" store_is_settled
changes() { # calls that change something, in all stand-ins
	local tenant console
	room_sim GET state | jq -c '.calls | with_entries(select(.key | test("list|^GET|authentication") | not))'
	for tenant in "${tenants[@]}"; do tenant_sim "$tenant" GET state | jq -c '.calls | with_entries(select(.key | test("^GET|authorize") | not))'; done
	for console in iris-hr movius; do curl -sf --noproxy '*' "$(at "$console")/__sim/log" | jq 'map(select(.path | startswith("/__sim/ui/"))) | length'; done
}
changes >"$work/before"
ctl apply >"$work/said" || die "the second run says: $(cat "$work/said")"
changes >"$work/after"
cmp -s "$work/before" "$work/after" || die "the second run changed something: $(diff "$work/before" "$work/after")"

# ---- in the end ----
all_have 1 3 || die "somebody has other rights than the template's"
[ "$(people_of iris-hr)$(people_of movius)" = 'app-1 app-3 app-1 app-3 ' ] || die "accounts are there: $(people_of iris-hr)$(people_of movius)"
for number in 1 2 3; do
	[ "$(room_created "app-$number") $(tenant_created one "app-$number") $(tenant_created wfo "app-$number")" = '1 1 1' ] || die "app-$number was not created once"
	[ "$(state movius | jq "[.mail[] | select(.to == \"app-$number@apps.example\")] | length")" = 1 ] || die "app-$number was not written to once"
done
every_change_is_audited
while read -r password; do
	! grep -rqF -e "$password" "$work"/*.log "$work/state" || die "a password is in a file"
done < <(cat "$work"/*.passwords "$work/all-shown")
pass
