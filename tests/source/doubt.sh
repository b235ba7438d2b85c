#!/bin/sh
# SPDX-License-Identifier: ISC
# Nothing is removed on an answer that is not whole, or that is whole and not to be believed.
. "$top_srcdir/tests/source/world.sh"

all_are_there() { has_facts "entries=10 groups=2"; }
restart() {
	slapd_access "$@"
	slapd_stop
	slapd_start_again
}

world_make
world_watch full_compare=1s
expect_same "everything is read"

restart 'access to dn.subtree="ou=people,dc=example,dc=com" by dn.exact="cn=reader,dc=example,dc=com" search'
expect_facts "people that we may no longer read make the source suspect" '^state suspect complete=0.*10 of 10 entries would go'
all_are_there || fail "people are removed"
restart
expect_same "who can be read again is believed again"

restart 'access to attrs=entryUUID by dn.exact="cn=reader,dc=example,dc=com" none'
expect_facts "entries without entryUUID are no answer" '^state .*no entryUUID'
all_are_there || fail "people are removed"
restart
expect_same "nor were they ever gone"

world_leave
world_watch "people_canaries=uid=anna,$PEOPLE"
expect_same "a canary is seen"
restart "access to dn.exact=\"uid=anna,$PEOPLE\" by dn.exact=\"cn=reader,dc=example,dc=com\" none"
expect_facts "one that is hidden is noticed though nothing is read" '^state suspect complete=0.*a canary is not seen'
fire bert
hire bert
all_are_there || fail "people are removed"
restart
expect_same "it is seen again, the doubt is gone, and so is who left meanwhile"

world_leave
for name in anna bert cleo dave emma finn; do fire "$name"; done
world_watch
expect_facts "half of all removed while we were away is doubted" '^state suspect complete=0.*6 of 10 entries would go'
all_are_there || fail "people are removed"
hire kate
expect_facts "additions go on" 'uid=kate'
kill -KILL "$(cat "$WORLD/out/pid")"
expect_facts "the doubt outlives the helper" '^state suspect complete=0.*6 of 11 entries would go'
kill -USR1 "$WORLD_PID"
expect_facts "reading anew does not lift it" '^state suspect complete=0.*6 of 11 entries would go'
kill -USR2 "$WORLD_PID"
expect_same "a person's word lifts it"

slapd_stop
sed "s/^limits.*/limits dn.exact=\"$SLAPD_READER\" size=2/" "$WORLD/ldap/access.conf" > "$WORLD/access"
cp "$WORLD/access" "$WORLD/ldap/access.conf"
rm -rf "$WORLD/out/facts"
slapd_start_again
kill -USR1 "$WORLD_PID"
expect_facts "a size limit makes a reading count for nothing" '^state stale.*Size limit'
has_facts 'entries=5 groups=2' || fail "people are removed"
restart
expect_same "without it the reading counts"

printf 'newrdn: ou=folk\ndeleteoldrdn: 1\n' | change "$PEOPLE" modrdn
# slapd notices at the next change only
printf 'replace: mail\nmail: gina@example.org\n' | change "uid=gina,ou=folk,$SLAPD_SUFFIX" modify
expect_facts "a base that is gone is no empty directory" '^state quarantine.*No such object'
has_facts 'entries=5 groups=2' || fail "people are removed"
printf 'newrdn: ou=people\ndeleteoldrdn: 1\n' | change "ou=folk,$SLAPD_SUFFIX" modrdn
expect_same "it comes back with the base"

printf 'changed' > "$WORLD/ldap/password"
world_leave
world_watch
expect_facts "a wrong password is told at once" '^state quarantine.*Invalid credentials'
sleep 2
[ "$(grep -c 'RESULT tag=97 err=49' "$WORLD/ldap/slapd.log")" -eq 1 ] || fail "a wrong password is tried again and again"
has_facts 'entries=5 groups=2' || fail "people are removed"
: > "$WORLD/ldap/password"
expect_facts "an empty one is not sent at all" '^state quarantine.*password'
world_leave || fail "the source does not end cleanly"
