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

# survives MODE PATTERN [OPTION...]: the state's text matches, everybody stays, and the helper is still the same process
survives() {
	survives_mode=$1
	survives_pattern=$2
	shift 2
	rm -f "$WORLD/fake"
	"$top_builddir/tests/source/fake_ldap" "$survives_mode" > "$WORLD/fake" &
	FAKE_PID=$!
	expect "a server that does $survives_mode listens" test -s "$WORLD/fake"
	world_watch "servers=ldap://127.0.0.1:$(cat "$WORLD/fake")" operation_timeout=1s "$@"
	expect_facts "$survives_mode is told as what it is" "^state stale.*$survives_pattern"
	survives_pid=$(cat "$WORLD/out/pid")
	sleep 0.5
	[ "$(cat "$WORLD/out/pid")" = "$survives_pid" ] || fail "$survives_mode crashes the helper"
	refute_facts "$survives_mode removes nobody" 'entries=([0-9]|1[1-9]) '
	world_leave || fail "the source does not end cleanly"
	fake_end
}

world_make
world_watch
expect_same "everything is read"
world_leave

survives state-without-value "sync state control: the server sent no value"
survives state-empty "sync state control: the server sent no value"
survives state-cut "sync state control: .* cannot be decoded"
survives state-missing "without its sync state"
survives uuid-short "entryUUID of 4 bytes"
survives info-without-value "sync info message: the server sent no value"
survives info-empty "sync info message: the server sent no value"
survives info-unknown "sync info message: .* cannot be decoded"
survives dn-rubbish "DN cannot be read|cannot be decoded"
survives message-huge "connection"
survives reference "refers to another"
survives reload-always "Refresh Required"
survives page-lost "control of a page cannot be decoded" vendor=generic attr_id=uid
survives silent "did not answer within 1000 ms"

world_watch
expect_same "an honest server is believed again"
world_leave || fail "the source does not end cleanly"
