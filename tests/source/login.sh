#!/bin/sh
# SPDX-License-Identifier: ISC
# A directory that does not let us in is not hammered, one that puts us out is asked again, and few threads are enough.
. "$top_srcdir/tests/source/world.sh"

# settings LINE...: what stands before everything else in the directory's configuration, from now on
settings() {
	slapd_stop
	{ printf '%s\n' "$@"; cat "$WORLD/slapd.conf"; } > "$WORLD/ldap/slapd.conf"
	: > "$WORLD/ldap/slapd.log"
	slapd_start_again
}

# refusals: how often the directory has refused the reader
refusals() { grep -c 'RESULT tag=97 err=49' "$WORLD/ldap/slapd.log"; }

world_make
cp "$WORLD/ldap/slapd.conf" "$WORLD/slapd.conf"
settings ""

# ---- a wrong password locks no account ----

echo wrong > "$WORLD/wrong"
chmod 600 "$WORLD/wrong"
world_watch "password=file:$WORLD/wrong" "servers=$SLAPD_URL ldap://127.0.0.1:1"
expect_facts "a wrong password waits for a person" '^state quarantine complete=0 entries=0 .*log-in: Invalid credentials .49.'
sleep 2
[ "$(refusals)" -eq 1 ] || fail "it was tried $(refusals) times"
! has_log 'ldap://127.0.0.1:1' || fail "the next server is asked with the same password"
world_leave || fail "the source does not end cleanly"

# Nor do restarts of everything, nor the helper that is gone, nor a directory that comes and goes.
for again in 1 2 3; do
	world_watch "password=file:$WORLD/wrong" "servers=$SLAPD_URL ldap://127.0.0.1:1"
	expect_facts "restart $again knows of the refusal" \
		'^state quarantine .*Invalid credentials .*not tried again .* apiuserctl source resume corp'
	sleep 1
	[ "$(cat "$WORLD/out/pid")" -eq 0 ] || fail "a process runs that must not log in"
	world_leave || fail "the source does not end cleanly"
done
[ "$(refusals)" -eq 1 ] || fail "with restarts it was tried $(refusals) times"
! grep -rqaF "$(cat "$WORLD/wrong")" "$WORLD/store" || fail "the store knows the password"

# tried N: the directory has refused us so often, and no more comes
tried() { [ "$(refusals)" -eq "$1" ]; }
world_watch "password=file:$WORLD/wrong" "servers=$SLAPD_URL ldap://127.0.0.1:1"
expect_facts "it is held" '^state quarantine .*not tried again'
kill -USR2 "$WORLD_PID"
expect "a person's word is worth one try" tried 2
expect_facts "which is refused, too" '^state quarantine .*not tried again'
echo 'wrong, too' > "$WORLD/wrong"
expect "another password is worth one try" tried 3
expect_facts "which is refused, too" '^state quarantine .*not tried again'
sleep 1
tried 3 || fail "it was tried $(refusals) times"
cat "$WORLD/ldap/password" > "$WORLD/wrong"
expect_same "the right one is taken as soon as it is there"
world_leave || fail "the source does not end cleanly"
echo 'wrong again' > "$WORLD/wrong"
world_watch "password=file:$WORLD/wrong" login_retry=2s
# tried_often N: that often or more
tried_often() { [ "$(refusals)" -ge "$1" ]; }
expect "a site that wants it so" tried_often 4
expect "is tried again after a while" tried_often 5
kill -9 "$WORLD_PID"
wait "$WORLD_PID"
WORLD_PID=
before=$(refusals)
world_watch "password=file:$WORLD/wrong" login_retry=1h
expect_facts "and not before, after a crash neither" '^state quarantine .*not tried again .* before login_retry is over or'
sleep 1
tried "$before" || fail "it was tried $(refusals) times, not $before"
world_leave || fail "the source does not end cleanly"
rm -rf "$WORLD/store"

# ---- nobody home, and a DN without a password ----

world_watch "bind_dn=cn=nobody,$SLAPD_SUFFIX"
expect_facts "a DN that is not there is a wrong password" '^state quarantine .*Invalid credentials'
world_leave || fail "the source does not end cleanly"
: > "$WORLD/wrong"
world_watch "password=file:$WORLD/wrong"
expect_facts "an empty password is not sent, as it would be anonymous" '^state quarantine .*expected a secret, found nothing'
world_leave || fail "the source does not end cleanly"

# ---- put out for being quiet ----

rm -rf "$WORLD/store"
settings 'idletimeout 1'
world_watch probe_interval=1h
expect_same "everything is read"
expect_log "the connection that was quiet is ended" 'Can.t contact LDAP server'
hire late
expect_same "and made again"
world_leave || fail "the source does not end cleanly"

# ---- a directory with two threads ----

# It keeps searches waiting for ever when one connection has more than its share of them.
settings 'threads 2'
world_watch
expect_same "two threads are enough"
hire later
member add writers later
expect_same "and are when something changes"
world_leave || fail "the source does not end cleanly"
