#!/bin/sh
# SPDX-License-Identifier: ISC
# A server that talks nonsense removes nobody and crashes nothing.
. "$top_srcdir/tests/source/world.sh"

FAKE_PID=
fake_end() {
	[ -n "$FAKE_PID" ] || return 0
	kill "$FAKE_PID"
	wait "$FAKE_PID" 2> /dev/null
	FAKE_PID=
}
trap 'world_end; fake_end' EXIT

# meets STATE MODE PATTERN [OPTION...]: the state's text matches, and the helper is still the same process
meets() {
	meets_state=$1
	meets_mode=$2
	meets_pattern=$3
	shift 3
	rm -f "$WORLD/fake"
	"$top_builddir/tests/source/fake_ldap" "$meets_mode" > "$WORLD/fake" &
	FAKE_PID=$!
	expect "a server that does $meets_mode listens" test -s "$WORLD/fake"
	world_watch "servers=ldap://127.0.0.1:$(cat "$WORLD/fake")" operation_timeout=1s "$@"
	expect_facts "$meets_mode is told as what it is" "^state $meets_state.*$meets_pattern"
	meets_pid=$(cat "$WORLD/out/pid")
	sleep 0.5
	[ "$(cat "$WORLD/out/pid")" = "$meets_pid" ] || fail "$meets_mode crashes the helper"
	refute_facts "$meets_mode removes nobody" 'entries=[0-9] '
	world_leave || fail "the source does not end cleanly"
	fake_end
}

# survives MODE PATTERN [OPTION...]: the reading is void, and everybody stays
survives() { meets stale "$@"; }

world_make
world_watch
expect_same "everything is read"
world_leave

# A server is where the whole refresh says it is, not where it once says in the middle of it.
cookies() { sqlite3 "$(find "$WORLD/store" -name apiuserd.db)" 'SELECT search, cookie FROM cookie'; }
cookies > "$WORLD/cookies"
survives cookie-early "connection"
cookies | diff "$WORLD/cookies" - || fail "a cookie is kept that came before its refresh was over"
survives sync-ends "the server ended the search"
survives code-3 "Time limit exceeded .3."
survives code-4 "Size limit exceeded .4."
survives code-10 "Referral .10."
survives code-11 "Administrative limit exceeded .11."
survives code-51 "Server is busy .51."
survives code-52 "Server is unavailable .52."
survives code-80 "(implementation specific|other).* .80."
meets quarantine code-8 "Strong.* auth.* required .8."
meets quarantine code-32 "No such object .32."
meets quarantine code-50 "Insufficient access .50."
meets quarantine code-53 "unwilling to perform .53."
survives state-without-value "sync state control: the server sent no value"
survives state-empty "sync state control: the server sent no value"
survives state-cut "sync state control: .* cannot be decoded"
survives state-missing "without its sync state"
survives uuid-short "entryUUID of 4 bytes"
survives info-without-value "sync info message: the server sent no value"
survives info-empty "sync info message: the server sent no value"
survives info-unknown "sync info message: .* cannot be decoded"
survives info-nameless "did not answer within 1000 ms"
survives dn-rubbish "DN cannot be read|cannot be decoded"
survives state-twice "sync state control: the server sent it twice"
survives state-deep "sync state control: .* cannot be decoded"
survives message-huge "larger than max_message"
survives length-negative "larger than max_message"
survives id-huge "connection|did not answer"
survives id-of-nobody "did not answer within 1000 ms"
survives entry-cut "cannot be decoded|DN cannot be read"
survives type-wrong "a message of type 0x69"
survives notice "the server ends the connection: Server is unavailable .52.: going down"
survives notice-unknown "did not answer within 1000 ms"
survives notice-flood "too many messages that nobody asked for"
survives reference "refers to another"
survives reload-always "Refresh Required"
survives page-lost "stops in the middle of its pages" vendor=generic attr_id=uid
survives silent "did not answer within 1000 ms"

# Answers that are whole and say that all are gone are not believed before a person has.
meets suspect refresh-empty "people: 10 of 10 entries would go"
meets suspect uuid-same "people: 10 of 1[0-9] entries would go"

# What was made up is found when an honest server is read from the beginning.
world_watch
expect_facts "an honest server is followed" '^state ok complete=1'
kill -USR1 "$WORLD_PID"
expect_same "and believed again"
world_leave || fail "the source does not end cleanly"
