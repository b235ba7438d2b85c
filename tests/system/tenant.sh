# SPDX-License-Identifier: ISC
# shellcheck shell=bash disable=SC2154,SC2034 # lib.sh sets what is used here
# Targets of plugins/calabrio: one simulator for each brand.  Sourced by a test after lib.sh, whose Control Room it replaces.

tenants=(one wfo)
declare -A tenant_port=() tenant_options=([one]='--takes-password on' [wfo]='--wfo on --guide on')
declare -A tenant_block=([one]='' [wfo]='') # more of a target, and of its options
declare -A tenant_more=([one]='password_member = "password";'
	[wfo]='endpoints = [ "password_set PUT /api/rest/org/common/guide/person/{id}/password" ];')
tenant_rights='tenant = true;' # of the template in both
tenant_admin=apiuserd@tenant.example

# tenant_start NAME: on the port that it had before
tenant_start() {
	[ -s "$work/$1.secret" ] || secret_file "$work/$1.secret"
	rm -f "$work/$1.port"
	# shellcheck disable=SC2086 # options are words
	start "$1" "$top_builddir/tests/sim/calabrio-sim" --port "${tenant_port[$1]-0}" --port-file "$work/$1.port" \
		--admin-user "$tenant_admin" --admin-password-file "$work/$1.secret" --state-file "$work/$1.state" \
		--log "$work/$1-requests.log" --keep-passwords "$work/$1.passwords" ${tenant_options[$1]}
	wait_for "tenant $1 answers" test -s "$work/$1.port"
	tenant_port[$1]=$(cat "$work/$1.port")
}

# tenant_sim NAME METHOD PATH [BODY]: scaffolding of the simulator
tenant_sim() {
	curl -sS --fail --max-time 30 --noproxy '*' -X "$2" ${4+-d "$4"} "http://127.0.0.1:${tenant_port[$1]}/__sim/$3"
}

# tenant_user NAME USER [JQ]: the person, or what jq makes of it; fails when there is none or the result is false or null
tenant_user() { tenant_sim "$1" GET state | jq -e ".people[] | select(.email == \"$2@apps.example\") | ${3-.}"; }
tenant_has() { tenant_user "$@" >/dev/null; }
tenant_created() { tenant_sim "$1" GET state | jq ".created[\"$2@apps.example\"] // 0"; }
tenant_fault() { tenant_sim "$1" POST fault "{\"rules\": [$2]}" >/dev/null; }
tenant_screen() { tenant_sim "$1" POST "ui/$2" "$3" >/dev/null; }
both_have() {
	local tenant
	for tenant in "${tenants[@]}"; do tenant_has "$tenant" "$@" || return 1; done
}

is_active='select(.active)'
is_inactive='select(.active | not)'
main_view='([.views[] | select(.main) | .id] == [1])'
sees_the_tenant="select([.roles[].id] == [1] and .groupId == 1 and .scope.tenant == 1 and .scope.groups == [] and $main_view)"
sees_payroll="select([.roles[].id] == [1] and .groupId == 12 and .scope.tenant == null and .scope.groups == [3] and .scope.teams == [12] and $main_view)"

# Names of API users that are active there now, sorted.
tenant_active() {
	tenant_sim "$1" GET state | jq -r '.people[] | select(.active and ((.email // "") | startswith("app-"))) | .email' |
		sed 's/@.*//' | LC_ALL=C sort
}
same_as_tenants() {
	local tenant here
	here=$(members)
	for tenant in "${tenants[@]}"; do [ "$(tenant_active "$tenant")" = "$here" ] || return 1; done
}

# tenant_password_fits NAME USER < PASSWORD
tenant_password_fits() {
	jq -cR --arg mail "$2@apps.example" '{email: $mail, password: .}' |
		curl -sS --fail --max-time 30 --noproxy '*' -d @- "http://127.0.0.1:${tenant_port[$1]}/__sim/login-check" | jq -e .matches >/dev/null
}

take_password() { ctl secret take --force "$1" "$2" >"$work/taken"; }
# The password that the daemon made for USER in TARGET is the one that it has in the tenant NAME.
hand_over() {
	wait_for "a password for $2 in $3" take_password "$2" "$3" # what the product shows is recorded a moment later
	tenant_password_fits "$1" "$2" <"$work/taken" || die "the password that was handed over for $2 in $3 is not the account's"
}

tenant_target() { # NAME TARGET PLUGIN
	cat <<-CONF
		{ name = "$2"; plugin = "$top_builddir/plugins/calabrio/.libs/$3.so"; login = "{mail}"; $target_options ${tenant_block[$1]}
		  options = { url = "http://127.0.0.1:${tenant_port[$1]}"; username = "$tenant_admin";
		              password = "file:$work/$1.secret"; request_limit = 0; ${tenant_more[$1]} }; }
	CONF
}

write_config() {
	make_helpers
	cat >"$work/apiuserd.conf" <<-CONF
		daemon: { state_dir = "$work/state"; helper_dir = "$work/helpers"; log_level = "debug"; };
		control: { socket = "$work/control.sock"; };
		reconcile: { $reconcile_options };
		sources: ( { name = "corp"; kind = "ldap"; servers = [ "$SLAPD_TLS_URL" ];
		             ca_file = "$SLAPD_DIR/ca.pem"; bind_dn = "$SLAPD_READER";
		             password = "file:$SLAPD_DIR/password"; people_base = "$people";
		             groups_base = "ou=groups,$suffix"; $source_options } );
		targets: ( $(tenant_target one wfm calabrio-one),
		           $(tenant_target wfo wfo workforce-optimization) );
		templates: ( { name = "in-wfm"; target = "wfm"; rights = { $tenant_rights }; },
		             { name = "in-wfo"; target = "wfo"; rights = { $tenant_rights }; } );
		rules: ( { name = "wfm"; source = "corp"; group = "$group"; template = "in-wfm"; },
		         { name = "wfo"; source = "corp"; group = "$group"; template = "in-wfo"; } );
	CONF
}

system_start() {
	local tenant
	directory_start
	for tenant in "${tenants[@]}"; do tenant_start "$tenant"; done
	write_config
	daemon_start
}
