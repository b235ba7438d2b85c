#!/bin/bash
# SPDX-License-Identifier: ISC
# What becomes of credentials that nobody of ours has seen, and of users that must be made anew: a second one takes over,
# somebody says that it is in use, and only then the first one goes.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"
# shellcheck source=tests/system/desk.sh
. "$top_srcdir/tests/system/desk.sh"

legacy=''
write_config() {
	make_helpers
	[ -d "$work/plugins" ] || { mkdir "$work/plugins" &&
		cp "$top_builddir/plugins/iris-hr/.libs/iris-hr.so" "$top_builddir/plugins/movius/.libs/movius.so" "$work/plugins/"; }
	cat >"$work/apiuserd.conf" <<-CONF
		daemon: { state_dir = "$work/state"; helper_dir = "$work/helpers"; log_level = "debug";
		          plugin_dir = "$work/plugins"; };
		control: { socket = "$work/control.sock"; };
		scim: { listen = [ "127.0.0.1:$scim_port" ]; base_url = "http://127.0.0.1:$scim_port/scim/v2"; };
		reconcile: { interval = "1h"; };
		scim_clients: ( { name = "okta"; } );
		targets: ( { name = "hr"; plugin = "iris-hr"; login = "{userName}"; probe_interval = "1s"; options = { $legacy }; },
		           { name = "sms"; plugin = "movius"; login = "{userName}"; probe_interval = "1s"; leave = "delete";
		             custody_confirm = "1s"; options = { organisation = "Example > Sales"; }; } );
		templates: ( { name = "hr-reader"; target = "hr"; rights = { self = [ "Personal: read-only" ]; }; },
		             { name = "sender"; target = "sms"; rights = { applications = [ "HttpApi" ]; }; } );
		rules: ( { name = "hr"; source = "okta"; group = "*"; template = "hr-reader"; },
		         { name = "sms"; source = "okta"; group = "*"; template = "sender"; } );
	CONF
}

push() { # NAME
	scim POST /Users "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"$1\",\"active\":true,\"name\":{\"givenName\":\"API\",\"familyName\":\"$1\"},\"emails\":[{\"value\":\"$1@apps.example\",\"primary\":true}]}" >"$work/answer"
	expect_status 201
}
custody() { ctl --json custody "$1" | jq -re ".custody[] | select(.login == \"$2\") | $3"; }
title() { ctl --json work show "$1" | jq -r .text.title; }
no_order() { ! order "$@" >/dev/null; }
plan_says() { { ctl plan || true; } | grep -q "$1"; }

console_start iris-hr
console_start movius
write_config
daemon_start
scim_client okta
push crm
push erp
for login in crm erp; do
	do_order hr "$login" iris-hr
	do_order sms "$login" movius
done

# ---- mailed: nobody has seen it, so somebody has to say that it arrived ----
[ "$(custody sms crm '[.origin, .place, .open] | join(" ")')" = 'mailed crm@apps.example true' ] || die "custody: $(ctl custody)"
[ "$(custody hr crm '[.origin, .open] | join(" ")')" = 'product false' ] || die "custody: $(ctl custody)"
wait_for "silence is a finding after a while" plan_says "mailed its credential to 'crm@apps.example'"
! ctl custody confirm crm hr --reason no >/dev/null 2>&1 || die "there was nothing to confirm"
ctl custody confirm crm sms --reason 'the application sends' >/dev/null
! plan_says "mailed its credential to 'crm@apps.example'" || die "it was confirmed"
custody sms crm '.confirmed_by' >/dev/null || die "nobody knows who confirmed it"

# ---- rotation by a second user: the first stays until the second is in use ----
ctl rotate crm sms --reason 'it was in a log' >/dev/null
wait_for "an order for a second user" order sms crm
do_order sms crm movius
[ "$(state movius | jq -c '[.users[] | select(.last == "crm") | .mail] | sort')" = '["crm+2@apps.example","crm@apps.example"]' ] ||
	die "the users are $(state movius | jq -c .users)"
[ "$(custody sms crm .stage)" = 'made anew, not confirmed' ] || die "custody: $(ctl custody)"
[ "$(custody sms crm .place)" = crm+2@apps.example ] || die "custody: $(ctl custody)"
! ctl rotate crm sms --reason again >/dev/null 2>&1 || die "a third one was wanted"
ctl rotate erp sms --reason 'the same log' >/dev/null
waits_in_line() { { ctl capacity sms || true; } | grep -q 'who waits, in order: erp'; }
wait_for "one after another" waits_in_line
no_order sms erp || die "two are made anew at a time"
crash daemon
daemon_start
no_order sms crm || die "the first one goes before the second is in use"
ctl custody confirm crm sms --reason 'it sends with the new one' >/dev/null
wait_for "an order to delete the first" order sms crm
grep -q Delete <<<"$(title "$(order sms crm)")" || die "it is $(title "$(order sms crm)")"
do_order sms crm movius
[ "$(state movius | jq -c '[.users[] | select(.last == "crm") | .mail]')" = '["crm+2@apps.example"]' ] || die "the wrong one is gone"
wait_for "then the next one has its turn" order sms erp
do_order sms erp movius

# ---- users from before the product's new screen: a list, and each to its end before the next ----
legacy="legacy_users = [ \"$(user_of iris-hr crm | jq -r .username)\", \"$(user_of iris-hr erp | jq -r .username)\" ];"
daemon_reload
one_at_a_time() { [ "$(ctl --json work list | jq '[.orders[] | select(.target == "hr")] | length')" = 1 ]; }
wait_for "the first of them is to be made anew" one_at_a_time
[ "$(ctl --json custody hr | jq '[.custody[] | select(.stage == "to be made anew")] | length')" = 2 ] || die "custody: $(ctl custody)"
first=$({ ctl --json work list || true; } | jq -r '.orders[] | select(.target == "hr") | .login')
second=$([ "$first" = crm ] && echo erp || echo crm)
old=$(user_of iris-hr "$first" | jq -r .username)
# As the product has it: those are on no screen.
curl -sf --noproxy '*' -d "{\"age\": \"$first\"}" "$(at iris-hr)/__sim/seed" >/dev/null
do_order hr "$first" iris-hr
[ "$(custody hr "$first" '[.origin, .stage, .former] | join(" ")')" = "product made anew, not confirmed $old" ] || die "custody: $(ctl custody)"
no_order hr "$second" || die "the second one did not wait"
ctl custody confirm "$first" hr --reason 'it reads with the new one' >/dev/null
wait_for "an order to have the old one deleted" order hr "$first"
ctl --json work show "$(order hr "$first")" | jq -e ".text.lines[].fields[]? | select(.value == \"$old\")" >/dev/null || die "the order names another user"
ctl work complete "$(order hr "$first")" >/dev/null # by the word of support
wait_for "then the second one" order hr "$second"
[ "$(custody hr "$first" .former)" = null ] 2>/dev/null || ! custody hr "$first" .former >/dev/null 2>&1 || die "the old one is not forgotten"
ctl --json audit list --limit 1000 >"$work/audit"
! grep -qFf "$work/all-shown" "$work/audit" "$work/daemon.log" || die "a secret is in the audit or a log"
for console in console-iris-hr console-movius daemon; do stop "$console"; done
no_sanitizer_report
echo PASS
