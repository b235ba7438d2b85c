#!/bin/bash
# SPDX-License-Identifier: ISC
# A product without an API: people do what is to be done, and the daemon may be killed at any moment meanwhile.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

write_config() {
	mkdir -p "$work/helpers" "$work/plugins"
	ln -sf "$top_builddir/daemon/sourced/apiuserd-source" "$top_builddir/daemon/targetd/apiuserd-target" \
		"$top_builddir/daemon/fetchd/apiuserd-fetch" "$work/helpers/"
	ln -f "$top_builddir/tests/targetd/.libs/mock-manual.so" "$work/plugins/" 2>/dev/null ||
		cp "$top_builddir/tests/targetd/.libs/mock-manual.so" "$work/plugins/"
	scim_port=$(free_port "$work/ports")
	hook_port=$(free_port "$work/ports") # where nobody ever listens
	(umask 077 && echo "whsec_$(head -c 32 /dev/urandom | base64)" >"$work/hook.key")
	cat >"$work/apiuserd.conf" <<-CONF
		daemon: { state_dir = "$work/state"; helper_dir = "$work/helpers"; log_level = "debug";
		          plugin_dir = "$work/plugins"; };
		control: { socket = "$work/control.sock"; };
		scim: { listen = [ "127.0.0.1:$scim_port" ]; base_url = "http://127.0.0.1:$scim_port/scim/v2"; };
		reconcile: { interval = "1h"; };
		webhook: { url = "http://127.0.0.1:$hook_port/hook"; key = "file:$work/hook.key"; };
		scim_clients: ( { name = "okta"; } );
		targets: ( { name = "desk"; plugin = "mock-manual"; login = "{userName}"; probe_interval = "1s"; } );
		templates: ( { name = "clerk"; target = "desk"; rights = { roles = [ "read" ]; }; } );
		rules: ( { name = "pushed"; source = "okta"; group = "*"; template = "clerk"; } );
	CONF
}

push() { # NAME: its id in $id
	scim POST /Users "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"$1\",\"active\":true,\"displayName\":\"The $1\",\"emails\":[{\"value\":\"$1@apps.example\",\"primary\":true}]}" >"$work/answer"
	expect_status 201
	id=$(jq -re .id "$work/answer")
}
order_of() { ctl --json work list --state all | jq -r "[.orders[] | select(.login == \"$1\" and (.state == \"open\" or .state == \"claimed\"))] | if length == 1 then .[0].id else empty end"; }
has_order() { [ -n "$(order_of "$1")" ]; }
state_of() { ctl --json work show "$1" | jq -r .state; }
untold() { { ctl --json status || true; } | jq -re .webhook.waiting; }
orders_of() { ctl --json work list --state all | jq "[.orders[] | select(.login == \"$1\")] | length"; }

write_config
daemon_start
scim_client okta
push crm
wait_for "an order is open" has_order crm
order=$(order_of crm)
status=0
ctl work list >"$work/list" || status=$?
[ "$status" = 3 ] || die "the list ended with status $status"
grep -q 'waits for somebody to claim it' "$work/list" || die "the list does not say what is known"
ctl work show "$order" >"$work/show"
for text in "Create 'crm'" 'Administration > API users' '1. Press New.' 'Label = The crm' 'Mail = crm@apps.example' \
	'Rights = {"roles":["read"]}' 'Status = Active' 'Press Save.' 'for --login' "work complete $order"; do
	grep -qF -e "$text" "$work/show" || die "the order does not say: $text"
done
ctl work list --csv >"$work/csv" || true
grep -q "^$order,desk,crm,create,open," "$work/csv" || die "the list for programs lacks the order"
ctl explain crm >"$work/explain" || true
grep -q 'with a person, by a work order' "$work/explain" || die "explain does not say that a person has it"

# Killed while it is with a person: nothing is ordered twice, and the ticket system, which is away, has yet to be told once.
[ "$(untold)" = 1 ] || die "$(untold) changes wait for the ticket system"
ctl plan >"$work/plan" || true
crash daemon
daemon_start
[ "$(untold)" = 1 ] || die "$(untold) changes wait for the ticket system after a restart and a dry run"
{ ctl status || true; } | grep -q 'the ticket system was not told of 1 changes yet' || die "the status does not say so"
[ "$(order_of crm)" = "$order" ] || die "a restart lost the order, or made another one"
[ "$(orders_of crm)" = 1 ] || die "a restart ordered again"

# What the product shows once goes from a file descriptor into the sealed store, and nowhere else.
secret_file "$work/shown"
ctl work claim "$order" >"$work/show"
if ctl work complete "$order" --login crm-77 </dev/null 2>"$work/error"; then die "completed without the secret"; fi
if ctl work complete "$order" --secret-fd 3 3<"$work/shown" 2>"$work/error"; then die "completed without the name"; fi
grep -q "asks for 'User name'" "$work/error" || die "it does not say what is missing: $(cat "$work/error")"
ctl work complete "$order" --login crm-77 --secret-fd 3 --reason 'ticket 7' 3<"$work/shown" >"$work/said"
grep -q 'fulfilled by operator, not verified' "$work/said" || die "too much or too little is claimed: $(cat "$work/said")"
! grep -rqFf "$work/shown" "$work/daemon.log" "$work/state" || die "the secret is in a log or in the store as it is"
ctl --json audit list --limit 1000 >"$work/audit"
! grep -qFf "$work/shown" "$work/audit" || die "the secret is in the audit"
[ "$(ctl secret take --force crm desk)" = "$(cat "$work/shown")" ] || die "another secret is handed over"

# Killed while somebody says that it is done: it is done, or it is not, and one more word settles it.
scim DELETE "/Users/$id" >/dev/null
expect_status 204
held_step() { { ctl --json held || true; } | jq -re '.steps[0].id'; }
wait_for "a guard holds it, as it is the last one of all" held_step
ctl approve "$(held_step)" --reason meant >/dev/null
wait_for "an order to switch it off is open" has_order crm-77
order=$(order_of crm-77)
{ ctl work complete "$order" >/dev/null 2>&1 || true; } &
teller=$!
crash daemon
wait "$teller" || true
daemon_start
case $(state_of "$order") in
fulfilled) ;;
open) ctl work complete "$order" >/dev/null ;;
*) die "the order is $(state_of "$order")" ;;
esac
[ "$(state_of "$order")" = fulfilled ] || die "the order is $(state_of "$order")"
if ctl work complete "$order" 2>/dev/null; then die "completed twice"; fi
[ "$(ctl --json audit list --limit 1000 | jq '[.rows[]? | select(.verb == "work.complete")] | length')" = 2 ] || die "the audit tells it otherwise"
[ "$(orders_of crm-77)" = 1 ] || die "it was ordered again"

# Who leaves before anybody made his account: nothing is to be done.
push late
wait_for "an order is open" has_order late
scim DELETE "/Users/$id" >/dev/null
wait_for "it is cancelled" eval '[ "$(ctl --json work list --state cancelled | jq "[.orders[] | select(.login == \"late\")] | length")" = 1 ]'
stop daemon
no_sanitizer_report
echo PASS
