#!/bin/bash
# SIGHUP takes a good file over and leaves a bad one alone; -n checks without starting; SIGTERM ends cleanly.
set -euo pipefail
daemon=$top_builddir/daemon/main/apiuserd
work=$(mktemp -d "${TMPDIR:-/tmp}/apiuserd-reload-XXXXXX")
pid=
trap '[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT

die() {
	echo "FAIL: $*" >&2
	cat "$work"/*.log >&2
	exit 1
}
wait_log() {
	local deadline=$((SECONDS + 30))
	until grep -qF -- "$1" "$work/daemon.log"; do
		[ "$SECONDS" -lt "$deadline" ] || die "no log line holds: $1"
		sleep 0.05
	done
}
write_config() {
	cat >"$work/apiuserd.conf" <<-CONF
		daemon:  { state_dir = "$work/state"; };
		control: { socket = "$work/control.sock"; };
		scim:    { listen = [ ]; };
		$1
	CONF
}

write_config 'scim_clients: ( { name = "okta"; } );'
"$daemon" -n -f "$work/apiuserd.conf" >"$work/check.log" 2>&1 || die "a good file is refused"
[ ! -e "$work/state" ] || die "-n made a state folder"

write_config 'scim_clients: ( { nmae = "okta"; } );'
if "$daemon" -n -f "$work/apiuserd.conf" >"$work/check.log" 2>&1; then die "a bad file is accepted"; fi
grep -q "apiuserd.conf:4: .*nmae" "$work/check.log" || die "the refusal does not name file, line and key"
if "$daemon" -f "$work/apiuserd.conf" >"$work/check.log" 2>&1; then die "the daemon starts with a bad file"; fi

write_config 'scim_schemas: ( { name = "X"; urn = "urn:example:X"; extends = "Nobody"; attributes = ( { name = "a"; } ); } );'
if "$daemon" -n -f "$work/apiuserd.conf" >"$work/check.log" 2>&1; then die "a schema that extends nothing is accepted"; fi
grep -q "apiuserd.conf:4: .*Nobody" "$work/check.log" || die "the refusal does not name file, line and type"

write_config 'scim_clients: ( { name = "okta"; } );'
"$daemon" -f "$work/apiuserd.conf" >"$work/daemon.log" 2>&1 &
pid=$!
wait_log "is running"
[ "$(stat -c %a "$work/state")" = 700 ] || die "the state folder can be read by others"
[ "$(stat -c %a "$work/state/master.key")" = 600 ] || die "the master key can be read by others"
if "$daemon" -f "$work/apiuserd.conf" >"$work/second.log" 2>&1; then die "a second daemon starts on the same store"; fi

write_config 'rules: ( { name = "r"; source = "nobody"; group = "*"; template = "t"; } );'
kill -HUP "$pid"
wait_log "the old configuration stays in force"
kill -0 "$pid" || die "a bad reload ended the daemon"

write_config 'scim_clients: ( { name = "okta"; }, { name = "entra"; } );'
kill -HUP "$pid"
wait_log "is in force"

kill -TERM "$pid"
wait "$pid" || die "SIGTERM ended it with status $?"
pid=
