#!/bin/bash
# SPDX-License-Identifier: ISC
# The endpoint at IPv4, IPv6, a unix socket and a socket from systemd; a reload under load refuses nobody, and one whose
# address cannot be had changes nothing.
set -euo pipefail
daemon=$top_builddir/daemon/main/apiuserd
for tool in systemd-socket-activate curl openssl; do
	command -v "$tool" >/dev/null || { echo "SKIP: $tool is missing"; exit 77; }
done
work=$(mktemp -d "${TMPDIR:-/tmp}/apiuserd-listen-XXXXXX")
pid='' asking=''
clean_up() {
	for one in $pid $asking; do kill -9 "$one" 2>/dev/null || true; done
	ports_release "$work/ports"
	rm -rf "$work"
}
trap clean_up EXIT
# shellcheck source=tests/system/port.sh
. "$top_srcdir/tests/system/port.sh"

die() {
	echo "FAIL: $*" >&2
	tail -n 40 "$work"/*.log >&2
	exit 1
}
wait_log() {
	local deadline=$((SECONDS + 60))
	until grep -qF -- "$1" "$work/daemon.log"; do
		[ "$SECONDS" -lt "$deadline" ] || die "no log line holds: $1"
		sleep 0.05
	done
}
reload() { # reload WHAT-THE-LOG-SAYS
	: >"$work/daemon.log"
	kill -HUP "$pid"
	wait_log "$1"
}
write_config() { # write_config LIST [MORE]
	cat >"$work/apiuserd.conf" <<-CONF
		daemon:  { state_dir = "$work/state"; };
		control: { socket = "$work/control.sock"; };
		scim:    { listen = [ $1 ]; ${2-} };
		scim_clients: ( { name = "okta"; } );
	CONF
}
ask() { # ask CURL-OPTION...: a discovery document, which needs no token
	curl -sS --max-time 30 --noproxy '*' -o "$work/answer" -w '%{http_code}' "$@" 2>>"$work/curl.log"
}
expect() { # expect STATUS CURL-OPTION...
	local want=$1 got
	shift
	got=$(ask "$@") || die "no answer: $*"
	[ "$got" = "$want" ] || die "$* answered $got, not $want"
}
new_certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days "$1" -subj "/CN=localhost" \
		-addext "subjectAltName=DNS:localhost,IP:127.0.0.1" -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
	chmod 600 "$work/key.pem"
}

path=/scim/v2/ServiceProviderConfig
four=$(free_port "$work/ports") handed=$(free_port "$work/ports")
six=
if (exec 3<>"/dev/tcp/::1/1") 2>&1 | grep -q refused; then six=$(free_port "$work/ports"); fi
everywhere="\"127.0.0.1:$four\", \"unix:$work/scim.sock\", \"systemd:scim\"${six:+, \"[::1]:$six\"}"
write_config "$everywhere"
: >"$work/daemon.log"
ulimit -Sn 300 # fewer than the connections that are allowed
systemd-socket-activate -l "127.0.0.1:$handed" --fdname=scim "$daemon" -f "$work/apiuserd.conf" >"$work/daemon.log" 2>&1 &
pid=$!
wait_log "Listening on"
# The first connection starts the daemon and waits for it.
expect 200 "http://127.0.0.1:$handed$path"
expect 200 "http://127.0.0.1:$four$path"
expect 200 --unix-socket "$work/scim.sock" "http://localhost$path"
[ -z "$six" ] || expect 200 -g "http://[::1]:$six$path"
[ "$(stat -c %a "$work/scim.sock")" = 660 ] || die "the unix socket has mode $(stat -c %a "$work/scim.sock")"
wait_log "is running"
! grep -q "handed socket" "$work/daemon.log" || die "a socket is told unused that is in use"

read -r _ _ _ soft hard _ < <(grep '^Max open files' "/proc/$pid/limits")
[ "$hard" -lt 1256 ] || [ "$soft" -ge 1256 ] || die "the daemon may have $soft descriptors for 1000 connections"

write_config "$everywhere" "max_connections = 100000;"
if [ "$hard" != unlimited ] && [ "$hard" -lt 100256 ]; then
	reload "is in force"
	grep -q "max_connections: .*no more are allowed than $hard" "$work/daemon.log" || die "too many connections are not told"
fi
write_config "$everywhere"

# Many requests, each on a connection of its own, while the configuration is read again and again.
ask_while_reloading() { # ask_while_reloading SCHEME [CURL-OPTION...]
	local scheme=$1 reloads=0
	shift
	for at in "$scheme://127.0.0.1:$handed$path" "$scheme://127.0.0.1:$four$path"; do
		for _ in $(seq 40); do echo "url = \"$at\""; echo "output = /dev/null"; done
	done >"$work/urls"
	curl -sS --max-time 60 --noproxy '*' -H 'Connection: close' --fail -w '%{http_code}\n' "$@" -K "$work/urls" \
		>"$work/codes" 2>"$work/asking.log" &
	asking=$!
	while kill -0 "$asking" 2>/dev/null; do
		reload "is in force"
		reloads=$((reloads + 1))
	done
	wait "$asking" || die "a request failed during reload $reloads over $scheme"
	asking=
	[ "$(grep -c '^200$' "$work/codes")" = 80 ] || die "not every request was answered"
}
for _ in 1 2 3; do ask_while_reloading http; done

write_config "$everywhere, \"127.0.0.1:$handed\""
reload "the old configuration stays in force"
write_config "\"unix:/nonexistent/scim.sock\""
reload "the old configuration stays in force"
expect 200 "http://127.0.0.1:$four$path"
expect 200 --unix-socket "$work/scim.sock" "http://localhost$path"

# TLS comes, and its certificate is renewed; the unix socket stays clear text.
new_certificate 3
write_config "$everywhere" "tls_certificate = \"$work/cert.pem\"; tls_key = \"file:$work/key.pem\";"
reload "is in force"
grep -q "tls_certificate: expires in [23] days" "$work/daemon.log" || die "the end of the certificate is not told"
expect 200 --cacert "$work/cert.pem" "https://127.0.0.1:$handed$path"
expect 200 --unix-socket "$work/scim.sock" "http://localhost$path"
cp "$work/cert.pem" "$work/old.pem"
new_certificate 90
if ask --cacert "$work/cert.pem" "https://127.0.0.1:$four$path" >"$work/code"; then die "the new certificate is shown before a reload"; fi
reload "is in force"
! grep -q "tls_certificate" "$work/daemon.log" || die "a young certificate is told to expire"
expect 200 --cacert "$work/cert.pem" "https://127.0.0.1:$four$path"
if ask --cacert "$work/old.pem" "https://127.0.0.1:$four$path" >"$work/code"; then die "the old certificate is still shown"; fi
for _ in 1 2 3; do ask_while_reloading https --cacert "$work/cert.pem"; done
echo rubbish >"$work/key.pem"
reload "the old configuration stays in force"
expect 200 --cacert "$work/cert.pem" "https://127.0.0.1:$four$path"

write_config ""
reload "systemd handed socket 'scim' over"
[ ! -e "$work/scim.sock" ] || die "the unix socket stays behind"
kill -TERM "$pid"
wait "$pid" || die "SIGTERM ended it with status $?"
pid=
