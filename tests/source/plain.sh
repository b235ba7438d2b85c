#!/bin/sh
# SPDX-License-Identifier: ISC
# A directory of which nothing is known but LDAPv3: no changes are pushed, no ids given, perhaps no pages.
. "$top_srcdir/tests/source/world.sh"

# The reader sees no entryUUID, and is given no pages.
restart() {
	slapd_access "$@"
	slapd_stop
	slapd_start_again
}
blind='access to attrs=entryUUID,entryCSN by dn.exact="cn=reader,dc=example,dc=com" none'

FAKE_PID=
trap '[ -z "$FAKE_PID" ] || kill "$FAKE_PID"; world_end' EXIT

number() { printf 'replace: employeeNumber\nemployeeNumber: %s\n' "$2" | change "uid=$1,$PEOPLE" modify; }
describe() { printf 'replace: description\ndescription: %s\n' "$2" | change "cn=$1,$GROUPS_BASE" modify; }
grown() { world_watch vendor=generic poll_interval=1s "$@"; }

world_make nosync
restart "$blind"
grown
expect_facts "without an id that never changes nothing is read" '^state stale complete=0 entries=0 .*no entryUUID.*attr_id'
world_leave || fail "the source does not end cleanly"

count=100
for name in anna bert cleo dave emma finn gina hugo iris jack; do
	number "$name" "$count"
	count=$((count + 1))
done
describe builders b1
describe writers w1
grown attr_id=employeeNumber attr_group_id=description
expect_facts "with one that an administrator names it is" '^state ok complete=1 entries=10 groups=2 '
expect_facts "and kept as it is" '^person 100 uid=anna,'
expect_facts "for groups too" '^group b1 cn=builders,'
expect_log "this directory is polled" ' is generic: polled, as attr_id'

hire kate
expect_facts "somebody without it makes the reading count for nothing" '^state stale .*uid=kate.* has no employeeNumber'
has_facts 'entries=10 ' || fail "people come or go"
number kate 200
expect_facts "with it she comes" '^person 200 uid=kate,'
member add builders kate
expect_facts "is a member" '^member cn=builders,.* uid=kate,.* known'
rename kate kitty
expect_facts "is the same under another name" '^person 200 uid=kitty,'
expect_audit "which is a change, not somebody new" 'entry.change 200 .*uid=kitty'
number kitty 201
expect_facts "and somebody else with another id" '^person 201 uid=kitty,'
fire kitty
expect "a removal is seen" sh -c "! grep -q kitty '$WORLD/out/facts'"
world_leave || fail "the source does not end cleanly"

sed "s/^limits.*/limits dn.exact=\"$SLAPD_READER\" size=unlimited time=unlimited size.prtotal=disabled/" \
	"$WORLD/ldap/access.conf" > "$WORLD/access"
cp "$WORLD/access" "$WORLD/ldap/access.conf"
slapd_stop
slapd_start_again
hire lena
number lena 300
grown attr_id=employeeNumber attr_group_id=description
expect_facts "a server that gives no pages gives all at once" '^state ok complete=1 entries=11 '
fire lena
expect_facts "and is believed when somebody is missing" '^state ok complete=1 entries=10 '
world_leave || fail "the source does not end cleanly"

# News before the next reading of everything; removals wait for that.
grown poll_interval=1h poll_recent=1s attr_id=employeeNumber attr_group_id=description
expect_facts "everything is read once" '^state ok complete=1 entries=10 '
printf 'dn: uid=mona,%s\nchangetype: add\nobjectClass: inetOrgPerson\nuid: mona\ncn: mona\nsn: mona\nemployeeNumber: 400\n\n' \
	"$PEOPLE" | slapd_modify
member add builders mona
expect_facts "somebody new is seen among what is recent" '^person 400 uid=mona,'
expect_facts "and so is her group" '^member cn=builders,.* uid=mona,.* known'
printf 'replace: mail\nmail: mona@example.org\n' | change "uid=mona,$PEOPLE" modify
expect_facts "a change as well" '^person 400 uid=mona,.* mona@example.org'
fire mona
hire nina
number nina 401
expect_facts "who comes after her is seen" '^person 401 uid=nina,'
refute_facts "and nothing is thought gone for want of news" 'entries=([0-9]|10|11) '
kill -USR1 "$WORLD_PID"
expect_facts "a reading of everything finds her gone" '^state ok complete=1 entries=11 '
world_leave || fail "the source does not end cleanly"

# A large group, of which a reading of everything told in between.
{
	slapd_group crowd $(seq -f 'x%g' 600) | sed '/^$/d'
	printf 'description: c1\n\n'
} | sed '/^dn: /a changetype: add' | slapd_modify
grown poll_interval=1h poll_recent=5s attr_id=employeeNumber attr_group_id=description
expect_facts "a large group is read" '^member cn=crowd,.* uid=x600,'
member add crowd nina
expect_facts "news of it come" '^member cn=crowd,.* uid=nina,.* known'
member add crowd anna
kill -USR1 "$WORLD_PID"
expect_facts "a reading of everything is sooner" '^member cn=crowd,.* uid=anna,.* known'
member delete crowd anna
expect "then news tell the whole of it" sh -c "! grep -q '^member cn=crowd,.* uid=anna,' '$WORLD/out/facts'"
world_leave || fail "the source does not end cleanly"

# Not every server lets us ask for times.
rm -rf "$WORLD/store"*
"$top_builddir/tests/source/fake_ldap" recent-refused > "$WORLD/fake" &
FAKE_PID=$!
expect "a server that knows no times listens" test -s "$WORLD/fake"
grown "servers=ldap://127.0.0.1:$(cat "$WORLD/fake")" poll_interval=1h poll_recent=1s attr_id=uid
expect_facts "it is told that news come later, and the source is well" '^state ok complete=1 .*poll_recent: .*atching'
world_leave || fail "the source does not end cleanly"
