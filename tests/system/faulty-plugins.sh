#!/bin/bash
# SPDX-License-Identifier: ISC
# Plugins with a defect each, beside one that has none: what is wrong is told of the target that it is about, and nothing
# else suffers.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

# Defect, state of the target in the end, and words that its note holds.  (What becomes of a call whose worker crashes is
# in tests/target/test_worker.c; a sanitizer would speak here.)
defects='exit|not ready|exited with status 0
closes-channel|not ready|worker of target
speaks|not ready|killed: answer
no-session|not ready|plugin opened without a session
odd-code|refused|plugin returned 7, which is no code
no-reason|not ready|plugin gave no reason
error-secret|not ready|cannot log in with ***
rights-nothing|refused|plugin resolved rights to nothing
hang|not ready|gave no answer within 1000 ms
twice|ok|
no-id|ok|
forks|ok|
logs-secret|ok|'

target_of() { # DEFECT: its block, its template and its rule
	printf '{ name = "%s"; plugin = "faulty"; login = "{userName}"; probe_interval = "1s"; observe_interval = "1s"; retry_cap = "500ms"; call_timeout = "%s"; options = { folder = "%s"; defect = "%s"; password = "file:%s"; }; }' \
		"$1" "$([ "$1" = hang ] && echo 1s || echo 1min)" "$work/accounts/$1" "$1" "$work/canary"
}
write_config() { # [MORE-TARGETS]
	local defect targets templates rules
	mkdir -p "$work/helpers" "$work/plugins"
	ln -sf "$top_builddir/daemon/sourced/apiuserd-source" "$top_builddir/daemon/targetd/apiuserd-target" \
		"$top_builddir/daemon/fetchd/apiuserd-fetch" "$work/helpers/"
	# Once: to write over a plugin that is in use would crash whoever uses it.
	[ -f "$work/plugins/faulty.so" ] ||
		cp "$top_builddir/tests/plugincheck/.libs/faulty.so" "$top_builddir/tests/targetd/.libs/mock-wrong-abi.so" "$work/plugins/"
	[ -n "${scim_port-}" ] || scim_port=$(free_port "$work/ports")
	targets=$(target_of none)
	templates='{ name = "t-none"; target = "none"; rights = { access = "read"; }; }'
	rules='{ name = "r-none"; source = "okta"; group = "*"; template = "t-none"; }'
	mkdir -p "$work/accounts/none"
	while IFS='|' read -r defect _; do
		mkdir -p "$work/accounts/$defect"
		targets="$targets, $(target_of "$defect")"
		templates="$templates, { name = \"t-$defect\"; target = \"$defect\"; rights = { access = \"read\"; }; }"
		rules="$rules, { name = \"r-$defect\"; source = \"okta\"; group = \"*\"; template = \"t-$defect\"; }"
	done <<<"$defects"
	cat >"$work/apiuserd.conf" <<-CONF
		daemon: { state_dir = "$work/state"; helper_dir = "$work/helpers"; plugin_dir = "$work/plugins"; log_level = "debug"; };
		control: { socket = "$work/control.sock"; };
		scim: { listen = [ "127.0.0.1:$scim_port" ]; base_url = "http://127.0.0.1:$scim_port/scim/v2"; };
		reconcile: { interval = "1h"; };
		scim_clients: ( { name = "okta"; } );
		targets: ( $targets ${1-} );
		templates: ( $templates );
		rules: ( $rules );
	CONF
}
push() {
	scim POST /Users "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"$1\",\"active\":true,\"emails\":[{\"value\":\"$1@apps.example\",\"primary\":true}]}" >/dev/null
	expect_status 201
}
target_is() { # DEFECT STATE WORDS
	ctl --json targets | jq -e --arg name "$1" --arg state "$2" --arg words "$3" \
		'.targets[] | select(.name == $name) | .state == $state and ((.text // "") | contains($words))'
}
step_failed() { # DEFECT WORDS
	ctl --json steps | jq -e --arg name "$1" --arg words "$2" \
		'[.steps[] | select(.target == $name and .state == "failed" and ((.error // "") | contains($words)))] | length > 0'
}

umask 077
echo planted-canary >"$work/canary"
write_config
daemon_start
scim_client okta
push crm
wait_for "the whole one serves" test -s "$work/accounts/none/crm.json"
while IFS='|' read -r defect state words; do
	wait_for "$defect: $state, $words" target_is "$defect" "$state" "$words"
done <<<"$defects"
grep -q "odd-code: not ready: .*plugin 'faulty' is broken: install another version" "$work/daemon.log" ||
	die "nobody is told what to do about a broken plugin"

# A call that breaks the contract fails by itself.
wait_for "an account that is told twice is not believed" step_failed twice 'plugin emitted 2 accounts, expected one'
wait_for "an account without id is not believed" step_failed no-id 'without id or login'
for defect in forks logs-secret; do
	wait_for "$defect: its account is made all the same" test -s "$work/accounts/$defect/crm.json"
done
for defect in exit closes-channel speaks no-session odd-code no-reason error-secret rights-nothing hang; do
	[ -z "$(ls "$work/accounts/$defect")" ] || die "$defect: something was made"
done

# A plugin that cannot be one is not taken up, and the others go on.
write_config ', { name = "old"; plugin = "mock-wrong-abi"; }'
kill -HUP "${pid_of[daemon]}"
wait_for "the reload is refused by the plugin's name" grep -q "reload: .*mock-wrong-abi.*interface version 2.*stays in force" "$work/daemon.log"
push hr
wait_for "the whole one still serves" test -s "$work/accounts/none/hr.json"
target_is none ok '' >/dev/null || die "the whole one suffered: $(ctl targets)"
! grep -q planted-canary "$work/daemon.log" || die "a secret is in the log"
pass
