#!/bin/sh
# SPDX-License-Identifier: ISC
# Faults between us and an honest directory: what arrives is read, what does not removes nobody.
. "$top_srcdir/tests/source/world.sh"
. "$top_srcdir/tests/source/proxy.sh"

world_make

# ---- many messages in one record of TLS ----

# Nothing more comes after the last record: what waits behind the first message of it must not wait for ever.
proxy pack "$WORLD/ldap/server.pem" "$WORLD/ldap/server.key"
world_watch "servers=ldaps://127.0.0.1:$PROXY_PORT" "ca_file=$WORLD/ldap/ca.pem" probe_interval=1h full_compare=1d
expect_same "messages that came in one record are all read"
for name in p1 p2 p3 p4 p5 p6 p7 p8; do hire "$name"; member add writers "$name"; done
expect_same "changes that came in one record are all followed"
world_leave || fail "the source does not end cleanly"

# ---- slow ----

# The whole takes far longer than a message may.
proxy slow 15
rm -rf "$WORLD/store"
begun=$(date +%s)
world_watch "servers=ldap://127.0.0.1:$PROXY_PORT" operation_timeout=3s
expect_same "a slow link is waited for, message by message"
[ $(($(date +%s) - begun)) -gt 3 ] || fail "the link is not slow: nothing is shown"
world_leave || fail "the source does not end cleanly"

# ---- cut ----

for bytes in 20 200 700 1500 2500; do
	proxy cut "$bytes"
	world_watch "servers=ldap://127.0.0.1:$PROXY_PORT"
	expect "it runs" test -s "$WORLD/out/facts"
	kill -USR1 "$WORLD_PID" # everything is read from the beginning
	expect_facts "a connection cut after $bytes bytes is told" '^state stale'
	sleep 0.5
	refute_facts "and removes nobody" 'entries=([0-9]|1[0-7]) '
	fault_off
	expect_same "everything is read when it holds"
	world_leave || fail "the source does not end cleanly"
done

# ---- half open ----

proxy half
fault_off
world_watch "servers=ldap://127.0.0.1:$PROXY_PORT" operation_timeout=1s
expect_same "everything is read before"
fault_on
hire missed
member add writers missed
expect_facts "a connection that is dead on the way is noticed though it is quiet" '^state stale .*did not answer within'
refute_facts "and removes nobody" 'entries=([0-9]|1[0-7]) '
fault_off
expect_same "what was missed is read when it lives again"
world_leave || fail "the source does not end cleanly"

# ---- somebody in the middle who wants it in clear ----

proxy strip "$WORLD/overheard"
rm -rf "$WORLD/store"
world_watch "servers=ldap://127.0.0.1:$PROXY_PORT" starttls=true "ca_file=$WORLD/ldap/ca.pem"
expect_facts "StartTLS that is taken out ends it" '^state quarantine complete=0 entries=0 .*StartTLS refused'
sleep 0.5
! grep -qa -e "$SLAPD_READER" -e "$(cat "$WORLD/ldap/password")" "$WORLD/overheard" 2> /dev/null ||
	fail "the name or the password went out in clear"
world_leave || fail "the source does not end cleanly"
