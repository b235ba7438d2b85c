#!/bin/sh
# SPDX-License-Identifier: ISC
# TLS in both ways, and each way in which it must be refused.
. "$top_srcdir/tests/source/world.sh"

FAKE_PID=
fake() {
	rm -f "$WORLD/fake"
	"$top_builddir/tests/source/fake_ldap" "$1" > "$WORLD/fake" &
	FAKE_PID=$!
	expect "a server that does $1 listens" test -s "$WORLD/fake"
	FAKE_URL=ldap://127.0.0.1:$(cat "$WORLD/fake")
}
fake_end() {
	kill "$FAKE_PID"
	wait "$FAKE_PID" 2> /dev/null
	FAKE_PID=
}
trap '[ -z "$FAKE_PID" ] || kill "$FAKE_PID"; world_end' EXIT

# reads NAME OPTION=VALUE...: with an empty store, everything is read
reads() {
	reads_name=$1
	shift
	rm -rf "$WORLD/store"
	world_watch "$@"
	expect_same "$reads_name"
	world_leave || fail "the source does not end cleanly"
}

# refuses NAME PATTERN OPTION=VALUE...: the state's text matches, and nothing is read
refuses() {
	refuses_name=$1
	refuses_pattern=$2
	shift 2
	rm -rf "$WORLD/store"
	world_watch "$@"
	expect_facts "$refuses_name" "^state (stale|quarantine) complete=0 entries=0 .*$refuses_pattern"
	world_leave || fail "the source does not end cleanly"
}

CA=ca_file=$WORLD/ldap/ca.pem
world_make

reads "ldaps is read" "servers=$SLAPD_TLS_URL" "$CA"
expect_log "it is told what covers the connection" "$SLAPD_TLS_URL is openldap.*; TLSv1"
reads "StartTLS is read" starttls=true "$CA"
reads "a client certificate logs in" "servers=$SLAPD_TLS_URL" "$CA" bind=external \
	"client_certificate=$WORLD/ldap/client.pem" "client_key=file:$WORLD/ldap/client.key"
reads "a client certificate logs in by StartTLS" starttls=true "$CA" bind=external \
	"client_certificate=$WORLD/ldap/client.pem" "client_key=file:$WORLD/ldap/client.key"

refuses "another authority's certificate is refused" "certificate refused" "servers=$SLAPD_TLS_URL" \
	"ca_file=$WORLD/ldap/other-ca.pem"
refuses "and by StartTLS" "certificate refused" starttls=true "ca_file=$WORLD/ldap/other-ca.pem"
refuses "the system's authorities do not know it either" "certificate refused" "servers=$SLAPD_TLS_URL"
refuses "another name's certificate is refused" "certificate refused" \
	"servers=ldaps://localhost:$SLAPD_TLS_PORT" "$CA"
refuses "clear text is not sent elsewhere unasked" "clear text needs insecure" servers=ldap://192.0.2.1
refuses "a port without TLS is no ldaps" "TLS handshake" "servers=ldaps://127.0.0.1:$SLAPD_PORT" "$CA"

fake strip
refuses "a server that refuses StartTLS gets nothing in clear" "StartTLS refused.*nothing is sent in clear" "servers=$FAKE_URL" starttls=true "$CA"
fake_end
fake inject
refuses "what comes in clear behind the consent is not taken for an answer" "TLS handshake" "servers=$FAKE_URL" \
	starttls=true "$CA"
fake_end
for mode in stall stall-inside; do
	fake "$mode"
	refuses "a handshake that stops ($mode) ends in time" "TLS handshake: no answer in time" "servers=$FAKE_URL" \
		starttls=true "$CA" connect_timeout=3s
	reads "and the next server is asked" "servers=$FAKE_URL $SLAPD_URL" starttls=true "$CA" connect_timeout=3s
	fake_end
done
