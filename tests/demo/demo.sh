#!/bin/bash
# The main job, live and on real parts: a directory, five products (stand-ins on this machine), apiuserd between them.
# usage: top_builddir=DIR top_srcdir=DIR demo.sh [--keep]
set -euo pipefail

keep=${1-}
# shellcheck source=tests/demo/stage.sh
. "$top_srcdir/tests/demo/stage.sh"

say "1. A directory, five products, and apiuserd between them"
note "slapd is real; the products are stand-ins on this machine that keep to their vendors' rules"
act
start_slapd
start_products
write_config false
start_daemon
wait_for "apiuserd answers on its control socket" ctl targets
targets_ready() { json targets | jq -e '[.targets[] | select(.state == "ok")] | length == 5'; }
wait_for "all five products let it in" targets_ready
run targets

say "2. Two applications join the group api-users: what would that mean?"
act
members add crm-sync invoice-bot
planned() { json plan | jq -e --argjson n "$1" '.steps | length == $n'; }
wait_for "one change of the directory is ten accounts to make; nothing is done unasked" planned 10
note "shortened to what becomes of whom; the values of each account are left out"
run plan --all | grep -v -e '^        ' -e '^ *$'

say "3. Agreed: do it"
act
run apply
have_them() { tenant_user wfm invoice-bot .active && tenant_user wfo invoice-bot .active && room_user invoice-bot .id; }
wait_for "three products have both, with exactly the templates' rights" have_them
ordered() { [ "$(orders | wc -l)" = "$1" ]; }
wait_for "what has no call is a work order for a person" ordered 6
run work list

say "4. A person does what only a person can"
number=$(order_of hr invoice-bot)
run work show "$number"
note "followed to the letter by a scripted operator, who knows nothing but these words; so are the others:"
for user in invoice-bot crm-sync; do
	follow "$(order_of hr $user)" hr set-rights
	follow "$(order_of sms $user)" sms 'API Users'
	type_password "$(order_of wfm $user)" wfm "$user@example.com"
done
show_accounts

say "5. The secret goes to whoever runs the application, once"
ctl secret take --force invoice-bot hr >"$work/taken"
note "apiuserctl secret take invoice-bot hr: printed, and forgotten by the daemon"
name=$(get hr /__sim/state | jq -r '.users[] | select(.name == "invoice-bot") | .username')
(umask 077; printf 'user = "%s:%s"\n' "$name" "$(cat "$work/taken")" >"$work/login")
for method in GET POST; do
	note "$method /data/Self/Personal as $name: $(curl -s --noproxy '*' -X $method -K "$work/login" -o /dev/null -w '%{http_code}' "$(at hr)/data/Self/Personal") (the template says read-only)"
done
run secret take --force invoice-bot hr

say "6. From now on it works by itself; an identity provider pushes somebody over SCIM"
write_config true
kill -HUP "$daemon"
(umask 077; printf 'Authorization: Bearer %s\n' "$(ctl client add okta --force)" >"$work/bearer")
note "POST /Users (as Okta sends it)"
act
id=$(scim POST /Users '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"helpdesk-sync","name":{"givenName":"Helpdesk","familyName":"Sync"},"emails":[{"primary":true,"value":"helpdesk-sync@example.com","type":"work"}],"displayName":"Helpdesk Sync","active":true,"groups":[],"externalId":"00u1"}' | jq -r .id)
wait_for "helpdesk-sync is created" room_user helpdesk-sync 'select(.disabled | not) | .username'
note 'PATCH active = "False" (as Entra ID sends it)'
act
scim PATCH "/Users/$id" '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Replace","path":"active","value":"False"}]}' >/dev/null
wait_for "helpdesk-sync is disabled" room_user helpdesk-sync 'select(.disabled) | .username'

say "7. Another one joins; apiuserd is killed while it works; HR has no room left"
get hr /__sim/state | jq -r '"login,id,active", (.users[] | "\(.name),\(.username),\(.active)")' >"$work/hr.csv"
note "eight users of hr were made by hand before us, and the product allows ten; so says a list that a person attests:"
run import hr hr.csv
act
members add payroll-feed
kill -KILL "$daemon"
note "kill -9 apiuserd, and start it again"
wait "$daemon" 2>/dev/null || true
start_daemon
is_there() { once payroll-feed && tenant_user wfm payroll-feed .active && tenant_user wfo payroll-feed .active; }
wait_for "payroll-feed is made in three products, once in each" is_there
waits() { json capacity hr | jq -e 'any(.. | objects; .waiting? == 1)'; }
wait_for "and waits for a slot in hr, before anybody has opened a screen" waits
run capacity hr

say "8. Somebody changes rights by hand in a product"
post control-room /__sim/console/user-edit '{"username": "crm-sync", "set": {"roles": [{"id": 1}, {"id": 2}]}}'
note "crm-sync was given AAE_Admin"
act
run apply
wait_for "crm-sync is put right" room_user crm-sync 'select([.roles[].name] == ["AAE_Basic"]) | .username'

say "9. The group is emptied, by mistake or malice"
act
members replace
held() { [ "$(json held | jq '.steps | length')" = "$1" ]; }
wait_for "all thirteen removals are held, none obeyed" held 13
note "of thirteen, those of invoice-bot:"
run held --user invoice-bot
note "invoice-bot has really been retired, the others are put back"
run approve --user invoice-bot --reason "retired, ticket 4711"
members add crm-sync payroll-feed
act
retired() { room_user invoice-bot 'select(.disabled)' && tenant_user wfm invoice-bot '.active | not' && tenant_user wfo invoice-bot '.active | not'; }
wait_for "invoice-bot is switched off in each product's own way" retired
wait_for "an order to deactivate it in hr" order_of hr invoice-bot
follow "$(order_of hr invoice-bot)" hr set-rights
wait_for "an order to delete it in sms, which can do nothing else" order_of sms invoice-bot
follow "$(order_of sms invoice-bot)" sms 'API Users'
show_accounts

say "10. Why?"
run explain crm-sync hr
run audit --verify --limit 1 | sed 2,3d

if [ "$keep" = --keep ]; then
	say "Left running.  Try:"
	printf '  alias apiuserctl="%s --socket %s"\n  apiuserctl status\n' "$build/daemon/ctl/apiuserctl" "$work/control.sock"
	printf '  configuration, logs and secrets: %s\n  Ctrl-C stops everything and removes it\n' "$work"
	wait
fi
say "Done; nothing is left behind."
