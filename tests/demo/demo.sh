#!/bin/bash
# The main job, live and on real parts: slapd with a small company, a Control Room simulator, apiuserd.
# usage: top_builddir=DIR top_srcdir=DIR demo.sh [--keep]
set -euo pipefail

build=$top_builddir
here=$top_srcdir/tests/demo
keep=${1-}
work=$(mktemp -d "${TMPDIR:-/tmp}/apiuserd-demo-XXXXXX")
pids=()

bold='' dim='' off='' green=''
if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
	bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' off=$'\e[0m'
fi

clean_up() {
	local pid
	trap - EXIT INT TERM
	for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
	for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
	rm -rf "$work"
}
trap clean_up EXIT
trap 'echo; echo "stopped"; exit 130' INT TERM

say() { printf '\n%s%s%s\n' "$bold" "$*" "$off"; }
note() { printf '%s  %s%s\n' "$dim" "$*" "$off"; }
run() { printf '%s$ %s%s\n' "$dim" "$1" "$off"; shift; "$@" | sed 's/^/  /'; }
fail() {
	printf 'demo: %s\n' "$*" >&2
	tail -n 20 "$work"/*.log >&2 || true
	exit 1
}

# Waits until a command succeeds; prints how long that took since the last act.
now_ms() { date +%s%3N; }
act() { acted=$(now_ms); }
wait_for() {
	local what=$1 limit=$(($(now_ms) + 20000))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(now_ms)" -lt "$limit" ] || fail "timed out waiting until $what"
		sleep 0.02
	done
	printf '  %s✓%s %s %s(%d ms)%s\n' "$green" "$off" "$what" "$dim" $(($(now_ms) - acted)) "$off"
}

slapd=$(command -v slapd || echo /usr/sbin/slapd)
export PATH="$build/daemon/ctl:$PATH"
ctl() { "$build/daemon/ctl/apiuserctl" --socket "$work/control.sock" "$@"; }
free_port() {
	local port
	while :; do
		port=$((20000 + RANDOM % 30000))
		(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
	done
}
room() { curl -sf "http://127.0.0.1:$room_port/__sim/state"; }
room_user() { room | jq -e --arg u "$1" ".users[] | select(.username == \$u and (.deleted // false | not)) | $2"; }
show_room() {
	room | jq -r '.users[] | select(.username != "admin") | [.username, (if .disabled then "disabled" else "enabled" end), ([.roles[].name] | join(", "))] | @tsv' |
		column -t -s "$(printf '\t')" -N USER,STATUS,ROLES | sed 's/^/  /'
}
change() { ldapmodify -x -H "ldap://127.0.0.1:$ldap_port" -D cn=admin,dc=example,dc=com -y "$work/bind.secret" >/dev/null; }
scim() {
	local method=$1 path=$2 body=$3
	curl -sf -X "$method" "http://127.0.0.1:$scim_port/scim/v2$path" -H @"$work/bearer" \
		-H 'Content-Type: application/scim+json' -d "$body"
}

secret_file() { (umask 077; head -c 18 /dev/urandom | base64 | tr -d '+/=\n' >"$1"); }

start_slapd() {
	ldap_port=$(free_port)
	mkdir "$work/ldap"
	cat >"$work/slapd.conf" <<-CONF
		include /etc/ldap/schema/core.schema
		include /etc/ldap/schema/cosine.schema
		include /etc/ldap/schema/inetorgperson.schema
		modulepath /usr/lib/ldap
		moduleload back_mdb
		moduleload syncprov
		pidfile $work/slapd.pid
		database mdb
		suffix dc=example,dc=com
		directory $work/ldap
		rootdn cn=admin,dc=example,dc=com
		rootpw $(slappasswd -T "$work/bind.secret")
		maxsize 67108864
		dbnosync
		index objectClass,entryUUID,entryCSN,uid,cn,member eq
		overlay syncprov
		syncprov-sessionlog 1000
	CONF
	slapadd -q -f "$work/slapd.conf" -l "$here/company.ldif" 2>"$work/slapadd.log"
	"$slapd" -d none -f "$work/slapd.conf" -h "ldap://127.0.0.1:$ldap_port/" >"$work/slapd.log" 2>&1 &
	pids+=($!)
}

start_room() {
	"$build/tests/sim/control-room-sim" --port-file "$work/room.port" --admin-user admin \
		--admin-password-file "$work/room.secret" --log "$work/room-requests.log" >"$work/room.log" 2>&1 &
	pids+=($!)
	for _ in $(seq 100); do [ -s "$work/room.port" ] && break; sleep 0.05; done
	room_port=$(cat "$work/room.port")
}

write_config() {
	scim_port=$(free_port)
	mkdir "$work/helpers" "$work/state"
	ln -s "$build/daemon/sourced/apiuserd-source" "$build/daemon/targetd/apiuserd-target" \
		"$build/daemon/fetchd/apiuserd-fetch" "$work/helpers/"
	cat >"$work/apiuserd.conf" <<-CONF
		daemon:  { state_dir = "$work/state"; helper_dir = "$work/helpers";
		           plugin_dir = "$build/plugins/automation-anywhere/.libs"; };
		control: { socket = "$work/control.sock"; };
		scim:    { listen = [ "127.0.0.1:$scim_port" ]; base_url = "http://127.0.0.1:$scim_port/scim/v2"; };
		sources: ( { name = "corp"; kind = "ldap"; servers = [ "ldap://127.0.0.1:$ldap_port" ]; insecure = true;
		             bind_dn = "cn=admin,dc=example,dc=com"; password = "file:$work/bind.secret";
		             people_base = "ou=people,dc=example,dc=com"; groups_base = "ou=groups,dc=example,dc=com"; } );
		scim_clients: ( { name = "okta"; } );
		targets: ( { name = "control-room"; plugin = "automation-anywhere"; observe_interval = "5min";
		             options = { url = "http://127.0.0.1:$room_port"; username = "admin";
		                         password = "file:$work/room.secret"; insecure = true; }; } );
		templates: ( { name = "bot-runner"; target = "control-room";
		               rights = { roles = [ "AAE_Basic" ]; license_features = [ "RUNTIME" ]; }; } );
		rules: ( { name = "rpa"; source = "corp"; group = "cn=api-rpa,ou=groups,dc=example,dc=com"; template = "bot-runner"; },
		         { name = "pushed"; source = "okta"; group = "*"; template = "bot-runner"; } );
	CONF
}

start_daemon() {
	"$build/daemon/main/apiuserd" -n -f "$work/apiuserd.conf" >"$work/check.log" 2>&1 || fail "the configuration is refused"
	"$build/daemon/main/apiuserd" -f "$work/apiuserd.conf" >"$work/apiuserd.log" 2>&1 &
	pids+=($!)
}

secret_file "$work/bind.secret"
secret_file "$work/room.secret"

say "1. A directory, a Control Room (simulated), and apiuserd between them"
act
start_slapd
start_room
write_config
start_daemon
wait_for "apiuserd answers on its control socket" ctl status
wait_for "crm-sync, already in the LDAP group api-rpa, has its API user" room_user crm-sync '.username'
run "apiuserctl status" ctl status

say "2. Somebody joins the LDAP group"
note "ldapmodify: add uid=invoice-bot to cn=api-rpa"
act
change <<-LDIF
	dn: cn=api-rpa,ou=groups,dc=example,dc=com
	changetype: modify
	add: member
	member: uid=invoice-bot,ou=people,dc=example,dc=com
LDIF
wait_for "invoice-bot is in the Control Room, with the template's roles" room_user invoice-bot 'select(.roles[].name == "AAE_Basic") | .username'
show_room

say "3. An IdP pushes another one over SCIM"
(umask 077; printf 'Authorization: Bearer %s\n' "$(ctl client add okta --force)" >"$work/bearer")
note "apiuserctl client add okta: a token, shown once"
note "POST /Users (as Okta sends it)"
act
id=$(scim POST /Users '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"helpdesk-sync","name":{"givenName":"Helpdesk","familyName":"Sync"},"emails":[{"primary":true,"value":"helpdesk-sync@example.com","type":"work"}],"displayName":"Helpdesk Sync","active":true,"groups":[],"externalId":"00u1"}' | jq -r .id)
wait_for "helpdesk-sync is created" room_user helpdesk-sync 'select(.disabled | not) | .username'
note "PATCH active = \"False\" (as Entra ID sends it)"
act
scim PATCH "/Users/$id" '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Replace","path":"active","value":"False"}]}' >/dev/null
wait_for "helpdesk-sync is disabled" room_user helpdesk-sync 'select(.disabled) | .username'

say "4. Somebody changes rights by hand in the product"
token=$(jq -n --arg u admin --rawfile p "$work/room.secret" '{username: $u, password: $p}' |
	curl -sf "http://127.0.0.1:$room_port/v1/authentication" -H 'Content-Type: application/json' -d @- | jq -r .token)
(umask 077; printf 'X-Authorization: %s\n' "$token" >"$work/admin")
uid=$(room_user crm-sync .id)
curl -sf "http://127.0.0.1:$room_port/v1/usermanagement/users/$uid" -H @"$work/admin" |
	jq '.roles += [{"id": 1}] | del(.sysAssignedRoles)' |
	curl -sf -X PUT "http://127.0.0.1:$room_port/v1/usermanagement/users/$uid" -H @"$work/admin" -H 'Content-Type: application/json' -d @- >/dev/null
note "crm-sync was given AAE_Admin"
show_room
act
run "apiuserctl apply" ctl apply || true
wait_for "crm-sync is put right" room_user crm-sync 'select([.roles[].name] == ["AAE_Basic"]) | .username'

say "5. The group is emptied, by mistake or malice"
act
change <<-LDIF
	dn: cn=api-rpa,ou=groups,dc=example,dc=com
	changetype: modify
	replace: member
	member: cn=nobody,dc=example,dc=com
LDIF
held() { [ "$(ctl --json held | jq '.steps | length')" = 2 ]; }
wait_for "both removals are held, not obeyed" held
run "apiuserctl held" ctl held || true
show_room

say "6. Why?"
run "apiuserctl explain invoice-bot" ctl explain invoice-bot || true

if [ "$keep" = --keep ]; then
	say "Left running.  Try:"
	printf '  export PATH=%s:$PATH\n  apiuserctl --socket %s users\n' "$build/daemon/ctl" "$work/control.sock"
	printf '  configuration, logs and secrets: %s\n  Ctrl-C stops everything and removes it\n' "$work"
	wait
fi
say "Done; nothing is left behind."
