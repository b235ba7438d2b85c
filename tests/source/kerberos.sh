#!/bin/sh
# SPDX-License-Identifier: ISC
# Logging in with a keytab: against a real KDC and a directory that takes its tickets, and each way in which it fails.
. "$top_srcdir/tests/source/world.sh"
. "$top_srcdir/tests/source/kdc.sh"
. "$top_srcdir/tests/source/look.sh"

trap 'world_end; kdc_stop' EXIT

# watch OPTION=VALUE...: with an empty store, by keytab
watch() {
	rm -rf "$WORLD/store"
	world_watch "servers=ldaps://localhost:$SLAPD_TLS_PORT" "ca_file=$WORLD/ldap/ca.pem" bind=gssapi \
		"keytab=file:$WORLD/client.keytab" "kerberos_config=$KDC_CONFIG" "$@"
}

reads() {
	reads_name=$1
	shift
	watch "$@"
	expect_same "$reads_name"
	world_leave || fail "the source does not end cleanly"
}

# refuses NAME STATE PATTERN OPTION=VALUE...
refuses() {
	refuses_name=$1
	refuses_state=$2
	refuses_pattern=$3
	shift 3
	watch "$@"
	expect_facts "$refuses_name" "^state $refuses_state complete=0 entries=0 .*$refuses_pattern"
	world_leave || fail "the source does not end cleanly"
}

world_make
kdc_make "$WORLD/kdc"
kdc_key ldap/localhost "$WORLD/ldap/ldap.keytab"
kdc_key apiuserd "$WORLD/client.keytab"
kdc_key other "$WORLD/other.keytab"
kdc_start
slapd_stop
slapd_key server /CN=localhost ca "subjectAltName=DNS:localhost,IP:127.0.0.1" 31
{
	echo 'sasl-host localhost'
	echo 'sasl-realm EXAMPLE.COM'
	echo 'sasl-cbinding tls-endpoint'
	printf 'authz-regexp "uid=apiuserd,(cn=[^,]*,)?cn=gssapi,cn=auth" "%s"\n' "$SLAPD_READER"
	cat "$WORLD/ldap/slapd.conf"
} > "$WORLD/slapd.conf"
cp "$WORLD/slapd.conf" "$WORLD/ldap/slapd.conf"
KRB5_KTNAME=$WORLD/ldap/ldap.keytab KRB5_CONFIG=$KDC_CONFIG KRB5RCACHENAME=none:
export KRB5_KTNAME KRB5_CONFIG KRB5RCACHENAME
slapd_start_again

reads "a keytab logs in over ldaps"
reads "and by StartTLS" "servers=ldap://localhost:$SLAPD_PORT" starttls=true
reads "and without TLS on this machine" "servers=ldap://localhost:$SLAPD_PORT"
reads "the principal can be named" principal=apiuserd@EXAMPLE.COM
refuses "a principal that is not in the keytab is told" quarantine "Kerberos: .*keytab" principal=nobody@EXAMPLE.COM
refuses "a keytab that others can read is refused" quarantine "keytab: .*group or others have access" \
	"keytab=file:$WORLD/kdc/krb5.conf"
refuses "one that is not there is told" quarantine "keytab: .*none.keytab" "keytab=file:$WORLD/none.keytab"
refuses "a name that Kerberos has not is told" quarantine "Kerberos: .*call the server by the name that Kerberos has" \
	"servers=ldaps://127.0.0.1:$SLAPD_TLS_PORT"

# As somebody sees it who looks first.
kerberos_look() {
	look "servers=ldaps://localhost:$SLAPD_TLS_PORT" "ca_file=$WORLD/ldap/ca.pem" bind=gssapi \
		"keytab=file:$WORLD/client.keytab" "kerberos_config=$KDC_CONFIG" "$@"
}
kerberos_look
says "whoever looks is logged in by keytab" ".server.whoami | ascii_downcase == \"dn:$SLAPD_READER\""
says "and everybody is counted" '.searches[0].total == 10 and .searches[1].total == 2'
misses_nothing "with nothing missing"
kerberos_look principal=nobody@EXAMPLE.COM
finds "a principal that is not there is found before anything is read" error 'Kerberos: .*keytab'

# An old key: the realm has a newer one.
cp "$WORLD/client.keytab" "$WORLD/old.keytab"
kdc_key apiuserd "$WORLD/client.keytab"
kdc_admin "cpw -randkey apiuserd"
refuses "an old keytab waits for a person" quarantine "Kerberos: a ticket by keytab: .*export it anew"
rm -f "$WORLD/client.keytab"
kdc_admin "ktadd -k $WORLD/client.keytab apiuserd"
chmod 600 "$WORLD/client.keytab"
reads "a keytab that was exported anew is taken"

# A principal that the directory does not know is a log-in without rights: nothing is read, and nobody is removed.
watch "keytab=file:$WORLD/other.keytab"
expect_facts "a stranger reads nothing" '^state [a-z]+ complete=0 entries=0'
world_leave || fail "the source does not end cleanly"

# A KDC that is silent blocks nothing: the helper lives, and logs in as soon as it can.
kill -STOP "$KDC_PID"
watch connect_timeout=3s
expect_facts "a silent KDC is told in time" '^state stale .*Kerberos: no answer from a KDC in time'
helper=$(cat "$WORLD/out/pid")
kill -CONT "$KDC_PID"
expect_same "a KDC that comes back is asked"
[ "$(cat "$WORLD/out/pid")" = "$helper" ] || fail "the helper was killed while the KDC was silent"

# Tickets are kept: the directory may restart while no KDC answers.
kdc_stop
slapd_kill
expect_facts "the directory is away" '^state stale'
slapd_start_again
expect_facts "a ticket that is still good logs in without a KDC" '^state ok complete=1'
world_leave || fail "the source does not end cleanly"
watch
expect_facts "without ticket and KDC that is told" '^state stale .*Kerberos: a ticket by keytab'
world_leave || fail "the source does not end cleanly"
