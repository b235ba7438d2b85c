#!/bin/bash
# SPDX-License-Identifier: ISC
# Two products that have screens and no calls, from a push to a mailed or shown password and back: whatever is done in
# them is done by an operator who knows nothing but the work orders' text.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"
# shellcheck source=tests/system/desk.sh
. "$top_srcdir/tests/system/desk.sh"

tabs='self = [ "Personal: read-only" ];'

write_config() {
	make_helpers
	# Once: a module that is in use must not be written over.
	[ -d "$work/plugins" ] || { mkdir "$work/plugins" &&
		cp "$top_builddir/plugins/iris-hr/.libs/iris-hr.so" "$top_builddir/plugins/movius/.libs/movius.so" "$work/plugins/"; }
	cat >"$work/apiuserd.conf" <<-CONF
		daemon: { state_dir = "$work/state"; helper_dir = "$work/helpers"; log_level = "debug";
		          plugin_dir = "$work/plugins"; };
		control: { socket = "$work/control.sock"; viewers = [ "nobody" ]; };
		scim: { listen = [ "127.0.0.1:$scim_port" ]; base_url = "http://127.0.0.1:$scim_port/scim/v2"; };
		reconcile: { interval = "1h"; };
		scim_clients: ( { name = "okta"; } );
		targets: ( { name = "hr"; plugin = "iris-hr"; login = "{userName}"; probe_interval = "1s"; },
		           { name = "sms"; plugin = "movius"; login = "{userName}"; probe_interval = "1s"; leave = "delete";
		             options = { organisation = "Example > Sales"; mail_domains = [ "apps.example" ]; }; } );
		templates: ( { name = "hr-reader"; target = "hr"; rights = { $tabs }; },
		             { name = "sender"; target = "sms"; rights = { applications = [ "HttpApi" ]; }; } );
		rules: ( { name = "hr"; source = "okta"; group = "*"; template = "hr-reader"; },
		         { name = "sms"; source = "okta"; group = "*"; template = "sender"; } );
	CONF
}

push() { # NAME: its id in $id
	scim POST /Users "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"$1\",\"active\":true,\"name\":{\"givenName\":\"API\",\"familyName\":\"$1\"},\"emails\":[{\"value\":\"$1@apps.example\",\"primary\":true}]}" >"$work/answer"
	expect_status 201
	id=$(jq -re .id "$work/answer")
}

console_start iris-hr
console_start movius
write_config
daemon_start
scim_client okta
push crm
first=$id
do_order hr crm iris-hr
do_order sms crm movius
push erp
do_order hr erp iris-hr
do_order sms erp movius

# Exactly the template's rights, and the password that the product showed.
[ "$(user_of iris-hr crm | jq -c '[.active, (.rights | to_entries[] | select(.value != "none") | "\(.key)=\(.value)")]')" = '[true,"Self > Personal=read-only"]' ] ||
	die "crm is there as $(user_of iris-hr crm)"
[ "$(user_of movius crm | jq -c '[.organisation, .applications]')" = '["Example > Sales",["HttpApi"]]' ] || die "crm is there as $(user_of movius crm)"
name=$(user_of iris-hr crm | jq -r .username)
(umask 077 && printf 'user = "%s:%s"\n' "$name" "$(ctl secret take --force crm hr)" >"$work/login")
[ "$(curl -s --noproxy '*' -K "$work/login" -o "$work/body" -w '%{http_code}' "$(at iris-hr)/data/Self/Personal")" = 200 ] || die "the password does not open it"
[ "$(state movius | jq '.mail | length')" = 2 ] || die "the portal wrote to somebody else"

# Who may only look is not shown the users of a product that hides them (IR-R10).
if [ "$(id -u)" = 0 ]; then
	chmod 711 "$work"
	setpriv --reuid nobody --regid nogroup --clear-groups "$top_builddir/daemon/ctl/apiuserctl" --socket "$work/control.sock" --json users >"$work/seen" || true
	grep -q '"sms"' "$work/seen" || die "a viewer sees nothing at all: $(cat "$work/seen")"
	! grep -q '"hr"' "$work/seen" || die "a viewer sees accounts of hr"
	chmod 700 "$work"
fi

# Another template: the rights change there.
tabs='self = [ "Personal: read-only", "Contract: full" ];'
daemon_reload
held() { { ctl --json held || true; } | jq -re '.steps[].id'; }
approve_held() { local step; for step in $(held); do ctl approve "$step" --reason meant >/dev/null || true; done; }
wait_for "orders for the new rights" eval 'approve_held; order hr crm && order hr erp'
do_order hr crm iris-hr
[ "$(user_of iris-hr crm | jq -r '.rights["Self > Contract"]')" = full ] || die "the rights did not change"
do_order hr erp iris-hr

# Who leaves is disabled in the one product and deleted in the other, and the last of an application stays (MV-R09).
scim DELETE "/Users/$first" >/dev/null
expect_status 204
wait_for "orders for who left" eval 'approve_held; order hr crm && order sms crm'
do_order hr crm iris-hr
[ "$(user_of iris-hr crm | jq .active)" = false ] || die "crm is still active"
do_order sms crm movius
! user_of movius crm >/dev/null || die "crm is still there"
scim DELETE "/Users/$id" >/dev/null
expect_status 204
wait_for "the last of an application is held" eval '{ ctl --json held || true; } | grep -q last-of-right'
user_of movius erp >/dev/null || die "the last of an application is gone"
ctl --json audit list --limit 1000 >"$work/audit"
! grep -qFf "$work/shown" "$work/audit" "$work/daemon.log" || die "a secret is in the audit or a log"
for console in console-iris-hr console-movius daemon; do stop "$console"; done
no_sanitizer_report
echo PASS
