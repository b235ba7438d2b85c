# shellcheck shell=bash
# What the story of demo.sh stands on: slapd with a small company, stand-ins for five products, apiuserd, and how each of
# them is looked at.  Sourced by demo.sh.

build=$top_builddir
here=$top_srcdir/tests/demo
sims=$top_srcdir/tests/sim
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

# ---- what is printed -------------------------------------------------------------

say() { breathe; printf '\n%s%s%s\n' "$bold" "$*" "$off"; }
note() { printf '%s  %s%s\n' "$dim" "$*" "$off"; }
breathe() { [ ! -t 1 ] || sleep "${DEMO_PAUSE-1.5}"; } # time to read, when somebody does
# run COMMAND...: apiuserctl as a person calls it; what it says, and never how it ends
run() {
	local words=() word
	for word; do case $word in *' '*) words+=("\"$word\"") ;; --force) ;; *) words+=("$word") ;; esac done
	printf '%s$ apiuserctl %s%s\n' "$dim" "${words[*]}" "$off"
	{ ctl "$@" 2>&1 || true; } | sed -e '/^$/d' -e 's/^/  /'
}
fail() {
	printf 'demo: %s\n' "$*" >&2
	tail -n 20 "$work"/*.log >&2 || true
	exit 1
}

# Waits until a command succeeds; prints how long that took since the last act.
now_ms() { date +%s%3N; }
act() { acted=$(now_ms); }
wait_for() {
	local what=$1 limit=$(($(now_ms) + ${DEMO_DEADLINE-20} * 1000))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(now_ms)" -lt "$limit" ] || fail "timed out waiting until $what"
		sleep 0.02
	done
	printf '  %s✓%s %s %s(%d ms)%s\n' "$green" "$off" "$what" "$dim" $(($(now_ms) - acted)) "$off"
}

# ---- the parts -------------------------------------------------------------------

slapd=$(command -v slapd || echo /usr/sbin/slapd)
ctl() { "$build/daemon/ctl/apiuserctl" --socket "$work/control.sock" "$@"; }
json() { ctl --json "$@" || true; } # its exit status tells of the state, too
free_port() {
	local port
	while :; do
		port=$((20000 + RANDOM % 6000))
		(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
	done
}
secret_file() { (umask 077; head -c 18 /dev/urandom | base64 | tr -d '+/=\n' | head -c 15 >"$1"); }
start() { # NAME COMMAND...: in the background, output in NAME.log
	local name=$1
	shift
	"$@" >"$work/$name.log" 2>&1 &
	pids+=($!)
}
at() { echo "http://127.0.0.1:$(cat "$work/$1.port")"; }
get() { curl -sf --noproxy '*' "$(at "$1")$2"; }
post() { curl -sf --noproxy '*' -d "$3" "$(at "$1")$2" >/dev/null; }

start_slapd() {
	ldap_port=$(free_port)
	mkdir "$work/ldap"
	secret_file "$work/bind.secret"
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
	start slapd "$slapd" -d none -f "$work/slapd.conf" -h "ldap://127.0.0.1:$ldap_port/"
}
change() { ldapmodify -x -H "ldap://127.0.0.1:$ldap_port" -D cn=admin,dc=example,dc=com -y "$work/bind.secret" >/dev/null; }
# members add|delete NAME...: one modification of the group; members replace: nobody is left in it
members() {
	local name
	printf 'dn: cn=api-users,ou=groups,dc=example,dc=com\nchangetype: modify\n%s: member\n' "$1" >"$work/change"
	[ "$1" != replace ] || echo 'member: cn=nobody,dc=example,dc=com' >>"$work/change"
	for name in "${@:2}"; do echo "member: uid=$name,ou=people,dc=example,dc=com"; done >>"$work/change"
	change <"$work/change"
}

# Two products that are called (one of them sold under two names), and two that have screens only.
start_products() {
	local name
	for name in control-room wfm wfo; do secret_file "$work/$name.secret"; done
	start control-room "$build/tests/sim/control-room-sim" --port-file "$work/control-room.port" --admin-user apiuserd \
		--admin-password-file "$work/control-room.secret" --log "$work/control-room-requests.log"
	start wfm "$build/tests/sim/calabrio-sim" --port-file "$work/wfm.port" --admin-user apiuserd@example.com \
		--admin-password-file "$work/wfm.secret"
	start wfo "$build/tests/sim/calabrio-sim" --port-file "$work/wfo.port" --admin-user apiuserd@example.com \
		--admin-password-file "$work/wfo.secret" --wfo on --takes-password on
	start hr python3 -B "$sims/consoles/consoles.py" iris-hr --port-file "$work/hr.port"
	start sms python3 -B "$sims/consoles/consoles.py" movius --port-file "$work/sms.port"
	for name in control-room wfm wfo hr sms; do
		for _ in $(seq 400); do [ -s "$work/$name.port" ] && break; sleep 0.05; done
		[ -s "$work/$name.port" ] || fail "the stand-in of $name does not start"
	done
	for name in 1 2 3 4 5 6 7 8; do post hr /__sim/seed "{\"name\": \"by-hand-$name\"}"; done
}

plugin() { echo "$build/plugins/$1/.libs/$1.so"; }
# write_config true|false: whether anything is done before somebody says so
write_config() {
	[ -d "$work/helpers" ] || { scim_port=$(free_port) && mkdir "$work/helpers" "$work/state" &&
		ln -s "$build/daemon/sourced/apiuserd-source" "$build/daemon/targetd/apiuserd-target" \
			"$build/daemon/fetchd/apiuserd-fetch" "$work/helpers/"; }
	cat >"$work/apiuserd.conf" <<-CONF
		daemon:    { state_dir = "$work/state"; helper_dir = "$work/helpers"; };
		control:   { socket = "$work/control.sock"; };
		scim:      { listen = [ "127.0.0.1:$scim_port" ]; base_url = "http://127.0.0.1:$scim_port/scim/v2"; };
		reconcile: { unattended = $1; };
		sources: ( { name = "corp"; kind = "ldap"; servers = [ "ldap://127.0.0.1:$ldap_port" ]; insecure = true;
		             bind_dn = "cn=admin,dc=example,dc=com"; password = "file:$work/bind.secret";
		             people_base = "ou=people,dc=example,dc=com"; groups_base = "ou=groups,dc=example,dc=com"; } );
		scim_clients: ( { name = "okta"; } );
		targets: (
		  { name = "control-room"; plugin = "$(plugin automation-anywhere)";
		    options = { url = "$(at control-room)"; username = "apiuserd"; password = "file:$work/control-room.secret"; insecure = true; }; },
		  { name = "wfm"; plugin = "$build/plugins/calabrio/.libs/calabrio-one.so"; login = "{mail}"; leave = "disable";
		    options = { url = "$(at wfm)"; username = "apiuserd@example.com"; password = "file:$work/wfm.secret"; insecure = true; }; },
		  { name = "wfo"; plugin = "$build/plugins/calabrio/.libs/workforce-optimization.so"; login = "{mail}"; leave = "disable";
		    options = { url = "$(at wfo)"; username = "apiuserd@example.com"; password = "file:$work/wfo.secret"; insecure = true;
		                password_member = "password"; }; },
		  { name = "hr"; plugin = "$(plugin iris-hr)"; },
		  { name = "sms"; plugin = "$(plugin movius)"; login = "{mail}"; leave = "delete";
		    options = { organisation = "Example > Sales"; mail_domains = [ "example.com" ]; }; } );
		templates: (
		  { name = "bot-runner"; target = "control-room"; rights = { roles = [ "AAE_Basic" ]; license_features = [ "RUNTIME" ]; }; },
		  { name = "planner";    target = "wfm";          rights = { tenant = true; }; },
		  { name = "optimizer";  target = "wfo";          rights = { team = "Payroll"; teams = [ "Payroll" ]; }; },
		  { name = "hr-reader";  target = "hr";           rights = { self = [ "Personal: read-only" ]; }; },
		  { name = "sender";     target = "sms";          rights = { applications = [ "HttpApi" ]; }; } );
		rules: (
		  { name = "rpa"; source = "corp"; group = "cn=api-users,ou=groups,dc=example,dc=com"; template = "bot-runner"; },
		  { name = "wfm"; source = "corp"; group = "cn=api-users,ou=groups,dc=example,dc=com"; template = "planner"; },
		  { name = "wfo"; source = "corp"; group = "cn=api-users,ou=groups,dc=example,dc=com"; template = "optimizer"; },
		  { name = "hr";  source = "corp"; group = "cn=api-users,ou=groups,dc=example,dc=com"; template = "hr-reader"; },
		  { name = "sms"; source = "corp"; group = "cn=api-users,ou=groups,dc=example,dc=com"; template = "sender"; },
		  { name = "pushed"; source = "okta"; group = "*"; template = "bot-runner"; } );
	CONF
}
# once NAME: it was made once in each product that is called
once() {
	[ "$(get control-room /__sim/state | jq ".created[\"$1\"]")" = 1 ] &&
		[ "$(get wfm /__sim/state | jq ".created[\"$1@example.com\"]")" = 1 ] &&
		[ "$(get wfo /__sim/state | jq ".created[\"$1@example.com\"]")" = 1 ]
}
start_daemon() {
	"$build/daemon/main/apiuserd" -n -f "$work/apiuserd.conf" >"$work/check.log" 2>&1 || fail "the configuration is refused"
	start apiuserd "$build/daemon/main/apiuserd" -f "$work/apiuserd.conf"
	daemon=${pids[-1]}
	cd "$work" || exit # where files that are told to apiuserctl are
}

scim() { # METHOD PATH BODY: as the identity provider whose token is in $work/bearer
	curl -sf --noproxy '*' -X "$1" "http://127.0.0.1:$scim_port/scim/v2$2" -H @"$work/bearer" \
		-H 'Content-Type: application/scim+json' -d "$3"
}

# ---- what the products hold ------------------------------------------------------

room_user() { get control-room /__sim/state | jq -e --arg u "$1" ".users[] | select(.username == \$u) | $2"; }
tenant_user() { get "$1" /__sim/state | jq -e --arg u "$2@example.com" ".people[] | select(.email == \$u) | $3"; }
# As each product tells it; the eight who were in hr before are left out.
accounts() {
	get control-room /__sim/state | jq -r '.users[] | select(.username != "apiuserd") | ["control-room", .username, (if .disabled then "disabled" else "enabled" end), ([.roles[].name] | join(", "))] | @tsv'
	for tenant in wfm wfo; do
		get "$tenant" /__sim/state | jq -r --arg t "$tenant" '.people[] | select(.email // "" | test("^(crm|invoice|payroll).*@example.com")) | [$t, .email, (if .active then "active" else "inactive" end), (if .scope.tenant then "the whole tenant" else "team Payroll" end)] | @tsv'
	done
	get hr /__sim/state | jq -r '.users[] | select(.name | startswith("by-hand") | not) | ["hr", .username + " (" + .name + ")", (if .active then "active" else "inactive" end), ([.rights | to_entries[] | select(.value != "none") | "\(.key): \(.value)"] | join(", "))] | @tsv'
	get sms /__sim/state | jq -r '.users[] | ["sms", .mail, "there", (.applications | join(", "))] | @tsv'
}
show_accounts() { accounts | column -t -s "$(printf '\t')" -N PRODUCT,ACCOUNT,STATUS,RIGHTS | sed 's/^/  /'; }

# ---- the operator ------------------------------------------------------------------

orders() { json work list | jq -r "${1-.orders[].id}"; }
order_of() { orders ".orders[] | select(.target == \"$1\" and (.login | startswith(\"$2\"))) | .id" | grep .; }
# Follows an order's text to the letter on the product's screens, and says so with what the product has shown.
follow() { # ORDER CONSOLE RIGHT
	local args=()
	json work show "$1" | jq .text >"$work/order"
	python3 -B "$sims/consoles/follow.py" "$(at "$2")" --right "$3" <"$work/order" >"$work/report" || fail "order $1 cannot be followed"
	! jq -e .id "$work/report" >/dev/null || args+=(--id "$(jq -r .id "$work/report")")
	! jq -e .secret "$work/report" >/dev/null || args+=(--secret-fd 3)
	(umask 077; jq -r '.secret // empty' "$work/report" >"$work/shown")
	ctl work complete "$1" "${args[@]}" 3<"$work/shown" | sed 's/^/  /'
	rm -f "$work/report" "$work/shown"
}
# The product wants a password typed: the one that apiuserd made, for whoever has claimed the order.
type_password() { # ORDER TENANT LOGIN
	ctl work claim "$1" >/dev/null
	ctl work secret --force "$1" | jq -cR --arg mail "$3" '{email: $mail, password: .}' |
		curl -sf --noproxy '*' -d @- "$(at "$2")/__sim/ui/password" >/dev/null || fail "the password is refused"
	ctl work complete "$1" | sed 's/^/  /'
}
