#!/bin/sh
# SPDX-License-Identifier: ISC
# How we prove ourselves to a SCIM service that is polled: by tokens that are fetched, and by certificates.
. "$top_srcdir/tests/source/service.sh"

SECRET='a:secret with%signs&+/'

fetches() { grep -c '^token ' "$FAKE/requests"; }
was_asked() { grep -q "$1" "$FAKE/requests"; }
has_fetched() { [ "$(fetches)" -ge "$1" ]; }

# refused NAME PATTERN STATE [OPTION...]: nobody goes, and the text tells why
refused() {
	refused_name=$1
	refused_pattern=$2
	refused_state=$3
	shift 3
	: > "$FAKE/requests"
	poll "$@"
	expect_facts "$refused_name" "^state $refused_state .*text=.*$refused_pattern"
	refute_facts "and removes nobody" 'entries=[0-9] '
	world_leave || fail "the source does not end cleanly"
}

service_make
echo 'us%3A1 a%3Asecret%20with%25signs%26%2B%2F' > "$FAKE/client"
(umask 077 && echo "$SECRET" > "$WORLD/secret")
: > "$FAKE/requests"
fake_start
FAKE_PROOF="token_url=${FAKE_URL%/scim/v2}/token client_id=us:1 client_secret=file:$WORLD/secret"

settles "a token is fetched by client credentials"
expect "with the client in the Authorization field" was_asked '^token Basic grant_type=client_credentials$'
[ "$(fetches)" -eq 1 ] || fail "one token is enough"
# what is there was read before: nothing but the request tells that this one is through
poll token_login=post
expect "or in the form, without that field" was_asked '^token form grant_type=client_credentials$'
world_leave || fail "the source does not end cleanly"
poll token_scope="read:users" token_audience=scim token_resource=https://scim.example.com
expect "with all that can be asked for" is_polled
expect "as it is configured" was_asked \
	'^token Basic audience=scim&grant_type=client_credentials&resource=https%3A%2F%2Fscim.example.com&scope=read%3Ausers$'

: > "$FAKE/requests"
echo revoked > "$FAKE/token"
person kate >> "$FAKE/people"
expect "when the token is refused another is fetched" is_polled
[ "$(fetches)" -eq 1 ] || fail "for all requests that were refused, one is enough"
world_leave || fail "the source does not end cleanly"

manners lives=10
: > "$FAKE/requests"
poll
expect "a token that ends soon is renewed in time" has_fetched 3
world_leave || fail "the source does not end cleanly"
[ "$(grep -c 'ServiceProviderConfig' "$FAKE/requests")" -eq 1 ] || fail "there was a refusal"

manners status=401
: > "$FAKE/requests"
poll
expect_log "whose fresh token is refused waits long" "status 401, the token is refused.*next try in 900000 ms"
[ "$(fetches)" -eq 2 ] || fail "it is asked for again once, not $(fetches) times"
world_leave || fail "the source does not end cleanly"

manners
(umask 077 && echo another > "$WORLD/wrong")
refused "a wrong secret is a matter for a person" "token: status 401, the client is refused .options client_id" quarantine \
	"client_secret=file:$WORLD/wrong"
expect_log "and not tried often" "the client is refused.*next try in 900000 ms"
[ "$(fetches)" -eq 1 ] || fail "a wrong secret was tried again"
manners denies=invalid_scope
refused "a scope" "the scope is refused .option token_scope.: invalid_scope" quarantine
manners denies=who_knows
refused "an error without a meaning" "token: status 400: who_knows" quarantine
manners mac
refused "another kind of token" "another token_type than Bearer" quarantine
manners breaks
refused "a token that would break a header" "no access_token" quarantine
refused "an endpoint that is none" "token: status 404" quarantine "token_url=$FAKE_URL/nowhere"
refused "an endpoint that is out of reach" "token: .*onnect" stale "token_url=http://127.0.0.1:1/token"
! grep -F -e "$SECRET" -e 'a%3Asecret' -e "$(cat "$FAKE/token")" "$WORLD/log" "$WORLD/out/facts" "$WORLD/out/audit" ||
	fail "a secret was told"
fake_end

# With certificates.
SLAPD_DIR=$WORLD/keys
mkdir "$SLAPD_DIR"
slapd_ca ca
slapd_ca other-ca
slapd_key server /CN=127.0.0.1 ca 'subjectAltName=IP:127.0.0.1' 11
slapd_key us /CN=us:1 ca 'extendedKeyUsage=clientAuth' 12
cat "$SLAPD_DIR/server.pem" "$SLAPD_DIR/server.key" > "$FAKE/tls.pem"
cp "$SLAPD_DIR/ca.pem" "$FAKE/ca.pem"
PIN=$(openssl x509 -in "$SLAPD_DIR/server.pem" -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary |
	openssl base64)
CLIENT="client_certificate=$SLAPD_DIR/us.pem client_key=file:$SLAPD_DIR/us.key"
manners
fake_start
FAKE_URL=https${FAKE_URL#http}
TRUST="ca_file=$SLAPD_DIR/ca.pem $CLIENT"
FAKE_PROOF="token=file:$FAKE/token"

# shellcheck disable=SC2086 # options have no blanks
{
	settles "a service that wants our certificate gets it" $TRUST
	expect_log "what covers the connection is told" "$FAKE_URL is scim: .*; TLS"
	settles "and may be pinned" $TRUST "pins=sha256//$PIN" tls_min=1.3
	refused "another key than the pinned one" "service: .*pin" quarantine $TRUST \
		"pins=sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	refused "another authority" "service: .*certificate" quarantine $CLIENT "ca_file=$SLAPD_DIR/other-ca.pem"
	refused "who shows no certificate" "service: " stale "ca_file=$SLAPD_DIR/ca.pem"
	FAKE_PROOF="token_url=${FAKE_URL%/scim/v2}/token client_id=us:1"
	echo 'us%3A1' > "$FAKE/client"
	settles "a certificate can prove who we are where tokens are fetched" $TRUST
	refused "the authority of the tokens is checked, too" "token: .*certificate" quarantine $TRUST \
		"token_ca_file=$SLAPD_DIR/other-ca.pem"
}
! grep LeakSanitizer "$WORLD/log" || fail "something was not given back"
