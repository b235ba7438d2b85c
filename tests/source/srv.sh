#!/bin/sh
# SPDX-License-Identifier: ISC
# Servers by SRV records: which are asked, in which order, and what their certificates must bear.
. "$top_srcdir/tests/source/world.sh"

DNS_PID=
dns_end() {
	[ -n "$DNS_PID" ] || return 0
	kill "$DNS_PID"
	wait "$DNS_PID" 2> /dev/null
	DNS_PID=
}
trap 'world_end; dns_end' EXIT

# zone RECORD...: what DNS says from now on
zone() {
	printf '%s\n' "$@" > "$WORLD/zone.new"
	mv "$WORLD/zone.new" "$WORLD/zone"
}

# watch OPTION=VALUE...: with an empty store, as DNS says
watch() {
	rm -rf "$WORLD/store"
	world_watch "dns_servers=127.0.0.1:$DNS_PORT" connect_timeout=4s "$@"
}

reads() {
	reads_name=$1
	shift
	watch "$@"
	expect_same "$reads_name"
	world_leave || fail "the source does not end cleanly"
}

refuses() {
	refuses_name=$1
	refuses_pattern=$2
	shift 2
	watch "$@"
	expect_facts "$refuses_name" "^state (stale|quarantine) complete=0 entries=0 .*$refuses_pattern"
	world_leave || fail "the source does not end cleanly"
}

world_make
CA=ca_file=$WORLD/ldap/ca.pem
slapd_stop
# slapd_key's IP address stays, so that slapd.sh itself can ask.
slapd_key server /CN=domain ca "subjectAltName=IP:127.0.0.1,DNS:example.com" 21
slapd_start_again
zone ""
"$top_builddir/tests/source/fake_dns" "$WORLD/zone" > "$WORLD/dns" &
DNS_PID=$!
expect "DNS listens" test -s "$WORLD/dns"
DNS_PORT=$(cat "$WORLD/dns")

PLAIN="servers=ldap+srv://example.com"
TLS="servers=ldaps+srv://example.com"
HERE="dir.example.com A 127.0.0.1"

zone "$HERE" "_ldap._tcp.example.com SRV 10 10 $SLAPD_PORT dir.example.com"
reads "the record's host and port are read" "$PLAIN" insecure=true
reads "by StartTLS a certificate for the domain is believed" "$PLAIN" starttls=true "$CA"
refuses "clear text is not sent to whom DNS names" "clear text needs insecure" "$PLAIN"
zone "$HERE" "_ldaps._tcp.example.com SRV 10 10 $SLAPD_TLS_PORT dir.example.com"
reads "ldaps has records of its own" "$TLS" "$CA"
refuses "a host in a record is no name for a certificate" "not for 'dir.example.com' but for IP Address:127.0.0.1, DNS:example.com" \
	"$TLS" "$CA" srv_hosts=true
zone "$HERE" "_ldap._tcp.dc._msdcs.example.com SRV 0 100 $SLAPD_PORT dir.example.com"
reads "a name of records is taken as it is" servers=ldap+srv://_ldap._tcp.dc._msdcs.example.com starttls=true "$CA"

# Nobody listens at port 1.
zone "$HERE" "_ldap._tcp.example.com SRV 10 0 1 dir.example.com" "_ldap._tcp.example.com SRV 20 0 2 gone.example.com" \
	"_ldap._tcp.example.com SRV 30 0 $SLAPD_PORT dir.example.com"
reads "each record is tried in the order of priority" "$PLAIN" insecure=true
has_log "ldap://dir.example.com:1: Connection refused" || fail "the first one is tried"
has_log "ldap://gone.example.com:2: its name cannot be looked up" || fail "the second one is tried"
zone "$HERE" "_ldap._tcp.example.com SRV 10 0 1 dir.example.com"
reads "after all records the next URL is tried" "servers=ldap+srv://example.com $SLAPD_URL" insecure=true

zone "$HERE"
refuses "no records are told" "SRV records of '_ldap._tcp.example.com': Domain name not found" "$PLAIN" insecure=true
zone "_ldap._tcp.example.com SRV 0 0 0 ."
refuses "a domain that says it has none is believed" "DNS has nothing of that kind" "$PLAIN" insecure=true

# Records that change count without a restart, and a server that works is kept until it fails.
zone "$HERE" "_ldap._tcp.example.com SRV 10 0 1 dir.example.com"
watch "$PLAIN" insecure=true
expect_facts "a server is waited for" '^state stale'
zone "$HERE" "_ldap._tcp.example.com SRV 10 0 $SLAPD_PORT dir.example.com"
expect_same "records that come are followed"
slapd_kill
expect_facts "its end is told" '^state stale'
slapd_start_again
expect_same "the same server is found again"

# DNS that does not answer holds up nothing but the connection.
zone "_ldap._tcp.example.com SRV silent"
slapd_kill
expect_facts "without DNS there is no server" '^state stale'
slapd_start_again
helper=$(cat "$WORLD/out/pid")
zone "$HERE" "_ldap._tcp.example.com SRV 10 0 $SLAPD_PORT dir.example.com"
expect_same "DNS that comes back is asked"
[ "$(cat "$WORLD/out/pid")" = "$helper" ] || fail "the helper was killed while DNS was silent"
world_leave || fail "the source does not end cleanly"
