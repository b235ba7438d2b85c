#!/bin/sh
# SPDX-License-Identifier: ISC
# Servers that are not to be believed: each is refused in words that say what to do.
. "$top_srcdir/tests/source/world.sh"
. "$top_srcdir/tests/source/proxy.sh"

# refuses NAME PATTERN OPTION=VALUE...: a person has to act, the state's text matches, and nothing is read
refuses() {
	refuses_name=$1
	refuses_pattern=$2
	shift 2
	rm -rf "$WORLD/store"
	world_watch "servers=$SLAPD_TLS_URL" "$CA" "$@"
	expect_facts "$refuses_name" "^state quarantine complete=0 entries=0 .*$refuses_pattern"
	world_leave || fail "the source does not end cleanly"
}

# reads NAME OPTION=VALUE...: with an empty store, everything is read
reads() {
	reads_name=$1
	shift
	rm -rf "$WORLD/store"
	world_watch "servers=$SLAPD_TLS_URL" "$CA" "$@"
	expect_same "$reads_name"
	world_leave || fail "the source does not end cleanly"
}

# serve KEY: the directory shows that certificate from now on
serve() {
	slapd_stop
	cp "$WORLD/ldap/$1.pem" "$WORLD/ldap/server.pem"
	cp "$WORLD/ldap/$1.key" "$WORLD/ldap/server.key"
	slapd_start_again
}

# pin_of KEY
pin_of() {
	openssl x509 -in "$WORLD/ldap/$1.pem" -noout -pubkey | openssl pkey -pubin -outform DER |
		openssl dgst -sha256 -binary | openssl base64 | sed 's|^|sha256//|'
}

# revoke KEY...: write the authority's list into crl.pem
revoke() {
	: > "$WORLD/ldap/index"
	printf '[ca]\ndefault_ca = own\n[own]\ndatabase = %s/index\ndefault_md = sha256\n' "$WORLD/ldap" > "$WORLD/ldap/ca.cnf"
	set -- "$@" "" # so that the loop below is never one over nothing
	for revoke_key; do
		[ -z "$revoke_key" ] || openssl ca -config "$WORLD/ldap/ca.cnf" -cert "$WORLD/ldap/ca.pem" \
			-keyfile "$WORLD/ldap/ca.key" -revoke "$WORLD/ldap/$revoke_key.pem" 2> /dev/null || fail "openssl revokes"
	done
	openssl ca -config "$WORLD/ldap/ca.cnf" -cert "$WORLD/ldap/ca.pem" -keyfile "$WORLD/ldap/ca.key" -gencrl \
		-crlsec "$CRL_SECONDS" -out "$WORLD/ldap/crl.pem" 2> /dev/null || fail "openssl makes a revocation list"
}

world_make
CA=ca_file=$WORLD/ldap/ca.pem
CRL=crl_file=$WORLD/ldap/crl.pem
cp "$WORLD/ldap/server.pem" "$WORLD/ldap/good.pem"
cp "$WORLD/ldap/server.key" "$WORLD/ldap/good.key"
slapd_key named /CN=127.0.0.1 ca "subjectAltName=DNS:localhost,DNS:dir.example.com" 11
slapd_key nameless /CN=127.0.0.1 ca "basicConstraints=CA:FALSE" 12
slapd_key clients /CN=127.0.0.1 ca "$(printf 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=clientAuth')" 13
slapd_key expired /CN=127.0.0.1 ca "subjectAltName=IP:127.0.0.1" 14
openssl x509 -req -in "$WORLD/ldap/expired.csr" -CA "$WORLD/ldap/ca.pem" -CAkey "$WORLD/ldap/ca.key" -set_serial 15 -days -1 \
	-extfile "$WORLD/ldap/expired.ext" -out "$WORLD/ldap/expired.pem" 2> /dev/null || fail "openssl makes an old certificate"

# ---- names ----

serve named
refuses "a certificate for names only is not for an address" \
	"IP address mismatch \(it is not for '127.0.0.1' but for DNS:localhost, DNS:dir.example.com\): call the server"
reads "it is for its names" "servers=ldaps://localhost:$SLAPD_TLS_PORT"
serve nameless
refuses "the common name does not count for an address" "but for no name at all"

# ---- who signed it, for what, for how long ----

serve clients
refuses "a client's certificate is no server's" "extendedKeyUsage serverAuth"
serve expired
refuses "an old certificate is refused" "certificate has expired: the server needs a new certificate"
serve good
refuses "another authority's certificate is refused" "put its authority's certificate into ca_file" \
	"ca_file=$WORLD/ldap/other-ca.pem"
refuses "a file of authorities that is not there is told" "ca_file '$WORLD/none.pem': No such file" "ca_file=$WORLD/none.pem"
: > "$WORLD/empty.pem"
refuses "and one that is empty" "ca_file '$WORLD/empty.pem'" "ca_file=$WORLD/empty.pem"

# ---- revocation ----

CRL_SECONDS=3600
revoke clients
reads "a certificate that is not on the list is believed" "$CRL"
revoke good
refuses "one that is on the list is refused" "certificate revoked: the server needs a new certificate" "$CRL"
CRL_SECONDS=1
revoke clients
sleep 2
refuses "an old list proves nothing" "CRL has expired: put a newer list" "$CRL"
cp "$WORLD/empty.pem" "$WORLD/ldap/crl.pem"
refuses "neither does an empty file" "crl_file '$WORLD/ldap/crl.pem'" "$CRL"

# What is renewed counts without a restart.
rm -rf "$WORLD/store"
world_watch "servers=$SLAPD_TLS_URL" "$CA" "$CRL"
expect_facts "a list is waited for" '^state quarantine'
CRL_SECONDS=3600
revoke clients
expect_same "a list that comes is read"
world_leave || fail "the source does not end cleanly"

# ---- what is stapled ----

# staple V|R: the response that is stapled calls the certificate valid or revoked
staple() {
	staple_serial=$(openssl x509 -in "$WORLD/ldap/good.pem" -noout -serial | sed 's/serial=//')
	printf '%s\t351231235959Z\t%s\t%s\tunknown\t/CN=x\n' "$1" "$([ "$1" = V ] || echo 250101000000Z)" \
		"$staple_serial" > "$WORLD/ldap/ocsp-index"
	openssl ocsp -issuer "$WORLD/ldap/ca.pem" -cert "$WORLD/ldap/good.pem" -no_nonce -reqout "$WORLD/ldap/ocsp-request" &&
		openssl ocsp -index "$WORLD/ldap/ocsp-index" -CA "$WORLD/ldap/ca.pem" -rsigner "$WORLD/ldap/ca.pem" \
			-rkey "$WORLD/ldap/ca.key" -reqin "$WORLD/ldap/ocsp-request" -ndays 1 -respout "$WORLD/staple" \
			> /dev/null 2>&1 || fail "openssl makes an OCSP response"
}

refuses "a server that staples nothing is refused" "staples no OCSP response" ocsp=staple
proxy staple "$WORLD/ldap/good.pem" "$WORLD/ldap/good.key" "$WORLD/staple"
STAPLING="servers=ldaps://127.0.0.1:$PROXY_PORT ocsp=staple"
# shellcheck disable=SC2086 # words
refuses "and so is one that would, but has nothing yet" "staples no OCSP response" $STAPLING
staple V
# shellcheck disable=SC2086
reads "one whose authority calls its certificate good is believed" $STAPLING
staple R
# shellcheck disable=SC2086
refuses "one whose certificate was revoked is not" "its authority revoked it" $STAPLING
proxy_end

# ---- pins ----

GOOD=$(pin_of good)
OTHER=$(pin_of named)
reads "a server with the pinned key is believed" "pins=$GOOD"
reads "one pin of several is enough" "pins=$OTHER $GOOD"
refuses "another key is refused and named" "its key is $(echo "$GOOD" | sed 's/[+]/[+]/g'), which is none of the pins" "pins=$OTHER"
refuses "a pin does not stand for an authority" "put its authority's certificate" "pins=$GOOD" "ca_file=$WORLD/ldap/other-ca.pem"
refuses "by StartTLS it is the same" "which is none of the pins" "pins=$OTHER" "servers=$SLAPD_URL" starttls=true

# ---- our own certificate ----

EXTERNAL="bind=external client_certificate=$WORLD/ldap/client.pem"
# shellcheck disable=SC2086 # words
refuses "a key that is another certificate's is told" "client_key: does not belong to client_certificate" $EXTERNAL \
	"client_key=file:$WORLD/ldap/good.key"
openssl pkey -in "$WORLD/ldap/client.key" -aes128 -passout pass:secret -out "$WORLD/ldap/locked.key"
chmod 600 "$WORLD/ldap/locked.key"
# shellcheck disable=SC2086
refuses "an encrypted key is told" "client_key: not an unencrypted private key" $EXTERNAL \
	"client_key=file:$WORLD/ldap/locked.key"

# ---- fail-over ----

world_watch "servers=ldaps://localhost:$SLAPD_TLS_PORT $SLAPD_TLS_URL" "$CA"
expect_same "after a server that is not believed the next one is asked"
world_leave || fail "the source does not end cleanly"

# ---- versions ----

slapd_stop
echo 'TLSCipherSuite NORMAL:-VERS-TLS1.3' > "$WORLD/old.conf"
cat "$WORLD/old.conf" "$WORLD/ldap/slapd.conf" > "$WORLD/new.conf"
cp "$WORLD/new.conf" "$WORLD/ldap/slapd.conf"
slapd_start_again
reads "TLS 1.2 is spoken"
rm -rf "$WORLD/store"
world_watch "servers=$SLAPD_TLS_URL" "$CA" tls_min=1.3
expect_facts "unless TLS 1.3 is asked for" '^state stale complete=0 entries=0 .*it is too old for tls_min'
world_leave || fail "the source does not end cleanly"
