#!/bin/sh
# SPDX-License-Identifier: ISC
# An Active Directory that is followed by DirSync: whatever happens in it happens in the store.
. "$top_srcdir/tests/source/world.sh"

world_make_ad
world_watch
expect_same "everything is read"
expect_log "the server is known for what it is" ' is samba .*DirSync'
refute_audit "by one reading, not entry by entry" 'entry.add'

hire kate
expect_same "a person is added"
expect_audit "which is audited" '^ldap:corp entry.add .*CN=kate'
printf 'replace: mail\nmail: kate.new@example.com\n' | change "CN=kate,$PEOPLE" modify
expect_same "a person is changed"
printf 'delete: mail\n' | change "CN=kate,$PEOPLE" modify
expect_same "an attribute goes, which comes as an empty one"
member add builders kate
expect_same "a member is added"
expect_audit "by name" 'group.members .*"added":\["cn=kate'
printf 'delete: member\nmember: CN=anna,%s\n-\nadd: member\nmember: CN=dave,%s\n' "$PEOPLE" "$PEOPLE" |
	change "CN=builders,$GROUPS_BASE" modify
expect_same "one member goes and another comes in one change"
printf 'replace: userAccountControl\nuserAccountControl: 546\n' | change "CN=kate,$PEOPLE" modify
expect_facts "a person is disabled, though no option says how" '^person .*CN=kate,.* disabled$'
printf 'replace: userAccountControl\nuserAccountControl: 544\n' | change "CN=kate,$PEOPLE" modify
expect_same "and enabled"
rename kate kitty
expect_same "a rename is followed into the groups"
fire kitty
expect_same "a person is removed, from the groups too"
hire kate
expect_same "a person of the same name is somebody else"
member add builders kate

{ samba_group readers emma finn; } | sed '/^dn: /a changetype: add' | samba_modify
expect_same "a group is added"
change "CN=readers,$GROUPS_BASE" delete < /dev/null
expect_same "a group is removed"

# move NAME FROM TO
move() {
	printf 'newrdn: CN=%s\ndeleteoldrdn: 1\nnewsuperior: %s\n' "$1" "$3" | change "CN=$1,$2" modrdn
}
AWAY=OU=machines,$SAMBA_SUFFIX
move kate "$PEOPLE" "$AWAY"
expect_same "who leaves the base is gone"
move kate "$AWAY" "$PEOPLE"
expect_same "and is back with it"
printf 'objectClass: organizationalUnit\n' | change "OU=west,$PEOPLE" add
move kate "$PEOPLE" "OU=west,$PEOPLE"
expect_same "a move within the base changes the DN only"
printf 'newrdn: OU=east\ndeleteoldrdn: 1\n' | change "OU=west,$PEOPLE" modrdn
expect_same "a container is renamed, of which its entries are not told"
printf 'newrdn: OU=east\ndeleteoldrdn: 1\nnewsuperior: %s\n' "$AWAY" | change "OU=east,$PEOPLE" modrdn
expect_same "a container leaves the base with what is in it"
printf 'newrdn: OU=east\ndeleteoldrdn: 1\nnewsuperior: %s\n' "$PEOPLE" | change "OU=east,$AWAY" modrdn
expect_same "and comes back"
refute_facts "no drift was found in all that" 'drift=[1-9]'

kill -KILL "$(cat "$WORLD/out/pid")"
hire lena
fire jack
printf 'replace: mail\nmail: emma.new@example.com\n' | change "CN=emma,$PEOPLE" modify
member delete builders dave
expect_same "a helper that was killed goes on where it was"
world_leave || fail "the source does not end cleanly"
move lena "$PEOPLE" "$AWAY"
fire hugo
hire mona
member add writers mona
world_watch
expect_same "what happened while nobody listened is told from the cookie"
expect_audit "as single changes" '^ldap:corp entry.remove .*CN=hugo'

samba_kill
expect_facts "a controller that is away makes the source stale" '^state stale'
samba_start_again
fire mona
expect_same "and is followed again when it is back"
refute_facts "no drift was found in all that" 'drift=[1-9]'

world_leave || fail "the source does not end cleanly"
world_watch change_interval=1h
expect_same "everything is known"
hire olga
expect_same "a change is asked for when the server says that there is one"
member add builders olga
expect_same "and so is the next"

world_leave || fail "the source does not end cleanly"
rm -rf "$WORLD/store"*
world_watch "people_filter=(memberOf=CN=builders,$GROUPS_BASE)"
expect_facts "a filter on memberOf finds the members" '^person .*CN=bert,'
member add builders gina
expect_facts "who becomes one comes, though she did not change" '^person .*CN=gina,'
member delete builders bert
expect "and who is no longer one goes" lacks_facts '^person .*CN=bert,'
printf 'replace: department\ndepartment: sales\n' | change "CN=gina,$PEOPLE" modify
world_leave || fail "the source does not end cleanly"
rm -rf "$WORLD/store"*
world_watch "people_filter=(department=sales)"
expect_facts "a filter on an attribute that nothing else needs" '^person .*CN=gina,'
printf 'replace: department\ndepartment: research\n' | change "CN=gina,$PEOPLE" modify
expect "lets go of who does not match any more" lacks_facts '^person .*CN=gina,'
world_leave || fail "the source does not end cleanly"

# ---- with nothing said about attributes and filters ----

rm -rf "$WORLD/store"*
WORLD_FILTERS=
WORLD_OPTIONS="bind_dn=syncer@$SAMBA_REALM password=file:$WORLD/ldap/syncer"
printf 'objectClass: computer\nsAMAccountName: pc1$\n' | change "CN=pc1,$PEOPLE" add
samba_person oskar | sed -e '/^dn: /a changetype: add' -e 's/^mail: .*/userPrincipalName: oskar@upn.example.com/' |
	samba_modify
world_watch
expect_facts "who has no mail has a name of that form" '^person .*CN=oskar,.* oskar@upn.example.com$'
expect_facts "who has it has it" '^person .*CN=emma,.* emma.new@example.com$'
refute_facts "a computer is nobody" 'CN=pc1,'
expect_facts "groups are groups" '^member CN=builders,.* known'

# in_seconds COUNT: so far from now, as accountExpires has it
in_seconds() { echo "$(($(date +%s) + 11644473600 + $1))0000000"; }
printf 'replace: accountExpires\naccountExpires: 9223372036854775807\n' | change "CN=oskar,$PEOPLE" modify
# Whoever is told of it only afterwards cannot see it happen: then the time was too short for this machine.
for seconds in 4 16 64; do
	expect "he can work" lacks_facts '^person .*CN=oskar,.* disabled$'
	printf 'replace: accountExpires\naccountExpires: %s\n' "$(in_seconds "$seconds")" | change "CN=oskar,$PEOPLE" modify
	expect_facts "an account that has expired is disabled" '^person .*CN=oskar,.* disabled$'
	! has_audit '^ldap:corp entry.expire ' || break
	printf 'replace: accountExpires\naccountExpires: 9223372036854775807\n' | change "CN=oskar,$PEOPLE" modify
done
has_audit '^ldap:corp entry.expire ' || fail "nobody expires by time alone"
printf 'replace: accountExpires\naccountExpires: %s\n' "$(in_seconds -4)" | change "CN=emma,$PEOPLE" modify
expect_facts "so is one that had expired before" '^person .*CN=emma,.* disabled$'
printf 'replace: accountExpires\naccountExpires: 9223372036854775807\n' | change "CN=oskar,$PEOPLE" modify
expect "and one that never does is not" lacks_facts '^person .*CN=oskar,.* disabled$'
world_leave || fail "the source does not end cleanly"
