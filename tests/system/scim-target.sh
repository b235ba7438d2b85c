#!/bin/bash
# SPDX-License-Identifier: ISC
# A SCIM service as target, from a change in the directory to the service: join, change of template, leave, deletion,
# with faults in between; and our own endpoint as another such service.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"
command -v python3 >/dev/null || { echo "SKIP: python3 is missing"; exit 77; }

people_count=5
members_at_start='1'
reconcile_options='interval = "1s"; grace = "1s"; guard_count = 100; guard_percent = 100; retry_failed = "1s";'
template_rights='groups = [ "Readers" ]; roles = [ "viewer" ];'
own_target='' # set when the endpoint has a token

# ---- the service ---------------------------------------------------------------------

service_start() {
	secret_file "$work/service.token"
	start service python3 "$top_srcdir/tests/sim/scim/scim_sim.py" --port-file "$work/service.port" \
		--token-file "$work/service.token"
	wait_for "the service answers" test -s "$work/service.port"
	service_port=$(cat "$work/service.port")
}
sim() { curl -sS --fail --max-time 30 --noproxy '*' ${2+-d "$2"} "http://127.0.0.1:$service_port/__sim/$1"; }
# user NAME [JQ]: as room_user, in the service
user() { sim state | jq -e ".users[] | select(.userName == \"$1\") | ${2-.}"; }
has() { user "$1" "${2-.}" >/dev/null; }
lacks() { ! has "$1"; }
faults() { sim faults "$1" >/dev/null; }
readers='select(.active and .groups == ["Readers"] and [.roles[].value] == ["viewer"])'
writers='select(.active and .groups == ["Writers"] and [.roles[].value] == ["editor"])'
disabled='select(.active | not)'

# The same configuration with other targets.
write_config() {
	if [ ! -d "$work/helpers" ]; then
		mkdir "$work/helpers"
		ln -s "$top_builddir/daemon/sourced/apiuserd-source" "$top_builddir/daemon/targetd/apiuserd-target" \
			"$top_builddir/daemon/fetchd/apiuserd-fetch" "$work/helpers/"
		scim_port=$(free_port "$work/ports")
	fi
	cat >"$work/apiuserd.conf" <<-CONF
		daemon: { state_dir = "$work/state"; helper_dir = "$work/helpers"; log_level = "debug";
		          plugin_dir = "$top_builddir/plugins/scim-target/.libs"; };
		control: { socket = "$work/control.sock"; };
		scim: { listen = [ "127.0.0.1:$scim_port" ]; base_url = "http://127.0.0.1:$scim_port/scim/v2"; };
		reconcile: { $reconcile_options };
		sources: ( { name = "corp"; kind = "ldap"; servers = [ "$SLAPD_TLS_URL" ];
		             ca_file = "$SLAPD_DIR/ca.pem"; bind_dn = "$SLAPD_READER";
		             password = "file:$SLAPD_DIR/password"; people_base = "$people";
		             groups_base = "ou=groups,$suffix"; $source_options } );
		scim_clients: ( { name = "ourselves"; } );
		targets: ( { name = "crm"; plugin = "scim"; $target_options
		             options = { url = "http://127.0.0.1:$service_port/scim/v2"; request_limit = 0;
		                         token = "file:$work/service.token"; }; } $own_target );
		templates: ( { name = "readers"; target = "crm"; rights = { $template_rights }; } $own_template );
		rules: ( { name = "crm"; source = "corp"; group = "$group"; template = "readers"; } $own_rule );
	CONF
}
own_template='' own_rule=''

# ---- the way of an application ----------------------------------------------------------

directory_start
service_start
sim group '{"displayName": "Readers"}' >/dev/null
sim group '{"displayName": "Writers"}' >/dev/null
sim quirks '{"page_most": 2}' >/dev/null
write_config
{ head -n 2 "$work/apiuserd.conf"; cat "$top_srcdir/conf/templates/scim.conf"; } >"$work/sample.conf"
"$top_builddir/daemon/main/apiuserd" --check -f "$work/sample.conf" || die "the sample that is shipped does not hold"
daemon_start
wait_for "app-1 has its account, with the template's rights" has app-1 "$readers"
has app-1 'select(.emails[0].value == "app-1@apps.example" and (.externalId | length) == 36)' ||
	die "app-1 has another address, or no mark"

faults '[{"method": "POST", "path": "*/Users", "kind": "drop", "commit": true}]'
join 2
wait_for "app-2, created without an answer" has app-2 "$readers"
faults '[{"method": "PATCH", "path": "*/Groups/*", "kind": "status", "status": 503, "count": 2}]'
join 3
wait_for "app-3, whose group was out of order twice" has app-3 "$readers"
faults '[{"method": "*", "path": "*/Users", "kind": "status", "status": 429, "retry_after": 1}]'
join 4
wait_for "a 429 only delays app-4" has app-4 "$readers"

# Somebody else's user of that name is a conflict.
curl -sS --fail --max-time 30 --noproxy '*' -o /dev/null -H 'Content-Type: application/scim+json' \
	-H "Authorization: Bearer $(cat "$work/service.token")" -d '{"userName": "app-5", "displayName": "Somebody"}' \
	"http://127.0.0.1:$service_port/scim/v2/Users"
join 5
# says COMMAND WORDS [ARGUMENT]; the status of a command that has something to tell is not 0
says() { { ctl "$1" ${3+"$3"} || true; } | grep -qe "$2"; }
wait_for "app-5 is a conflict" says explain "by an account that is not ours" app-5

template_rights='groups = [ "Writers" ]; roles = [ "editor" ];'
daemon_reload
held_steps() { { ctl held --json || true; } | jq '.steps[].id'; }
four_are_held() { [ "$(held_steps | wc -l)" = 4 ]; }
wait_for "what the new template takes away is held" four_are_held
# shellcheck disable=SC2046 # one word a step
ctl approve $(held_steps) --reason 'the new template is meant' >/dev/null
for number in 1 2 3 4; do wait_for "app-$number has the rights of the new template" has "app-$number" "$writers"; done
has app-5 'select(.displayName == "Somebody" and .groups == [] and (has("externalId") | not))' ||
	die "somebody else's user was changed"

id=$(user app-3 .id | tr -d '"')
faults '[{"method": "PATCH", "path": "*/Users/*", "kind": "drop", "commit": true},
	{"method": "DELETE", "path": "*", "kind": "drop", "commit": true}]'
leave 3
wait_for "app-3 leaves and is deleted after the grace time, both without an answer" lacks app-3
sim log | jq -e --arg id "$id" '[.[] | select(.path | endswith($id)) | select(.method != "GET")] |
	(map(.method == "PATCH" and (.body | tostring | contains("\"active\",\"value\":false"))) | index(true)) as $off |
	(map(.method == "DELETE") | index(true)) as $gone | $off != null and $off < $gone' >/dev/null ||
	die "app-3 was not disabled before it was deleted"
has app-1 "$writers" || die "app-1 was touched"
for number in 1 2 3 4; do
	[ "$(sim state | jq ".created[\"app-$number\"]")" = 1 ] || die "app-$number was created more than once"
done

# ---- our own endpoint as a service ----------------------------------------------------------

(umask 077; ctl --json client add --force ourselves | jq -re .token >"$work/own.token")
own_target=", { name = \"own\"; plugin = \"scim\"; $target_options
	options = { url = \"http://127.0.0.1:$scim_port/scim/v2\"; token = \"file:$work/own.token\"; request_limit = 0; }; }"
sed 's/^/Authorization: Bearer /' "$work/own.token" >"$work/scim.header"
scim POST /Groups '{"displayName": "Readers"}' >/dev/null
own_template=', { name = "own-readers"; target = "own"; rights = { groups = [ "Readers" ]; roles = [ "viewer" ]; }; }'
own_rule=", { name = \"own\"; source = \"corp\"; group = \"$group\"; template = \"own-readers\"; }"
daemon_reload
own() { scim GET "/Users?filter=userName%20eq%20%22$1%22" | jq -e ".Resources[0] // empty | $2" >/dev/null; }
wait_for "our own endpoint has app-1 as well" own app-1 \
	'select(.active and [.groups[].display] == ["Readers"] and [.roles[].value] == ["viewer"])'
leave 1
own_lacks() { ! own "$1" .; }
wait_for "and has it no more when app-1 has left" own_lacks app-1

grep -rlF -f "$work/service.token" "$work/daemon.log" "$work/state" && die "the service's token was written down"
stop service
pass
