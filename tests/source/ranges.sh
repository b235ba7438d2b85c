#!/bin/sh
# SPDX-License-Identifier: ISC
# I12: groups of 1,499, 1,500 and 1,501 members are read whole from a server that gives them in parts of 1,500.
. "$top_srcdir/tests/source/world.sh"

FAKE=
fake_stop() {
	[ -z "$FAKE" ] || { kill "$FAKE"; wait "$FAKE" 2> /dev/null; }
	FAKE=
}
trap 'status=$?; fake_stop; (exit $status); world_end' EXIT

# fake COUNT MODE: a new store, and such a server
fake() {
	world_leave
	fake_stop
	rm -rf "$WORLD/store"
	rm -f "$WORLD/fake"
	: > "$WORLD/log"
	"$top_builddir/tests/source/fake_ranges" "$1" "$2" > "$WORLD/fake" &
	FAKE=$!
	expect "server $2 of $1 members listens" test -s "$WORLD/fake"
	world_watch "servers=ldap://127.0.0.1:$(cat "$WORLD/fake")" bind=anonymous \
		"people_base=ou=people,dc=example,dc=com" "groups_base=ou=groups,dc=example,dc=com" \
		"people_filter=(objectClass=person)" "groups_filter=(objectClass=group)" poll_interval=1s
}

known() { [ "$(grep -cE '^member cn=all.* known$' "$WORLD/out/facts")" -eq "$1" ]; }

mkdir -p "$WORLD/out" "$WORLD/ldap"
: > "$WORLD/log"
echo unused > "$WORLD/ldap/password"
chmod 600 "$WORLD/ldap/password"

for count in 1499 1500 1501 3000 3001; do
	fake "$count" still
	expect "a group of $count members is read whole" known "$count"
done
fake 1501 once
expect "one that changes in the middle is read again" known 1501

fake 1501 ever
expect_log "one that never stands still is told" "cn=all.*it changed while it was read, each time"
expect_facts "and does not keep the people from being read" '^state ok complete=1 '

for mode in gap:"does not go on where it ended" short:"makes no sense" fails:"cn=all" mute:"want of uSNChanged"; do
	fake 3001 "${mode%%:*}"
	expect_log "mode ${mode%%:*} is told" "${mode#*:}"
	! grep -qE '^member ' "$WORLD/out/facts" || fail "mode ${mode%%:*}: a part was taken for the whole"
done

fake 1501 later
expect "a group is known" known 1501
expect_log "then only a part of it is given" "cn=all.*(unwilling|Server is unwilling)"
sleep 3
known 1501 || fail "a part was taken for the whole"
echo "ok: and nobody has left"
world_leave || fail "the source does not end cleanly"
