#!/bin/sh
# SPDX-License-Identifier: ISC
# What happens while nobody watches is found when the watching goes on: the daemon away, its helper killed, slapd away.
. "$top_srcdir/tests/source/world.sh"

# Everything that can happen to an entry; $1 makes names unique.
shuffle() {
	hire "new$1"
	fire "$2"
	rename "$3" "$3-x"
	rename "$3-x" "$3"
	printf 'replace: mail\nmail: %s.%s@example.com\n' "$3" "$1" | change "uid=$3,$PEOPLE" modify
	member add writers "new$1"
	member add builders "$3"
}

# So many removals are no mishap here.
watch() { world_watch removals_few=1000000 "$@"; }

# What nobody is told of.
is_cleaned() { world_find "$GROUPS_BASE" '(cn=builders)' member > "$WORLD/builders" && ! grep -q uid=paul "$WORLD/builders"; }

world_make refint
watch
expect_same "everything is read"

world_leave || fail "the source does not end cleanly"
shuffle one anna dave
watch
expect_same "what changed while the daemon was away is found"

world_leave
shuffle two bert emma
slapd_stop
slapd_start_again
watch
expect_same "also after slapd lost its session log"

kill -KILL "$(cat "$WORLD/out/pid")"
shuffle three cleo finn
expect_same "a helper that was killed is started again and goes on"

slapd_kill
expect_facts "a directory that is away makes the source stale" '^state stale'
has_facts 'entries=1[0-9]' || fail "entries are lost with the directory"
slapd_start_again
expect_same "it goes on when slapd is back"
shuffle four gina hugo
expect_same "and follows"

# Of who is removed the server's overlay cleans the groups, and tells nobody: they are read again after reread_after.  Here
# nobody lives that long: the next helper knows of it, and so does the next daemon.  A new store has no wishes of before.
world_leave || fail "the source does not end cleanly"
rm -rf "$WORLD/store"*
watch reread_after=1d
expect_same "everything is read anew"
hire paul
member add builders paul
expect_facts "a member more" "^member cn=builders.* uid=paul,.* known$"
fire paul
expect_facts "he is removed, and the group is to be read again" "^member cn=builders.* uid=paul,.* unknown$"
expect "it is another one by now" is_cleaned
kill -KILL "$(cat "$WORLD/out/pid")"
expect_same "the next helper reads it"
hire paul
member add builders paul
expect_facts "a member more" "^member cn=builders.* uid=paul,.* known$"
fire paul
expect_facts "once more" "^member cn=builders.* uid=paul,.* unknown$"
expect "cleaned, too" is_cleaned
kill -KILL "$WORLD_PID"
wait "$WORLD_PID" 2> /dev/null
watch reread_after=1d
expect_same "the next daemon lets it be read"
world_leave || fail "the source does not end cleanly"
: > "$WORLD/log"
watch "servers=ldap://127.0.0.1:1 $SLAPD_URL" operation_timeout=1s
expect_log "the next server is asked when one is not there" 'the directory is read and followed'
kill -STOP "$SLAPD_PID"
expect_facts "a directory that stopped is noticed though it is quiet" '^state stale'
expect_log "by its silence" 'did not answer within 1000 ms'
kill -CONT "$SLAPD_PID"
hire late
expect_same "it goes on with it"

refute_facts "no drift was found in all that" 'drift=[1-9]'
world_leave || fail "the source does not end cleanly"
