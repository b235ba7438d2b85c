#!/bin/sh
# SPDX-License-Identifier: ISC
# An Active Directory that refuses DirSync is followed by the numbers of its changes, and one that goes back is noticed.
. "$top_srcdir/tests/source/world.sh"

# move NAME FROM TO
move() {
	printf 'newrdn: CN=%s\ndeleteoldrdn: 1\nnewsuperior: %s\n' "$1" "$3" | change "CN=$1,$2" modrdn
}
AWAY=OU=machines,$SAMBA_SUFFIX

world_make_fake_ad
manner dirsync 50
manner deleted yes
world_watch
expect_same "everything is read"
expect_log "DirSync is refused" 'DirSync: .*\(50\)'
expect_log "and another way is taken" ' is ad: uSNChanged'

hire kate
expect_same "a person is added"
refute_audit "by a change, not by a reading" 'source.import.*source.import.*people'
printf 'replace: mail\nmail: kate.new@example.com\n' | change "CN=kate,$PEOPLE" modify
expect_same "a person is changed"
member add builders kate
expect_same "a member is added"
member delete builders anna
expect_same "a member goes"
rename kate kitty
expect_same "a rename is followed into the groups"
move kitty "$PEOPLE" "$AWAY"
expect_same "who leaves the base is gone"
hire kitty
expect_facts "a person of the same name is no member" '^person .*CN=kitty,'
expect_same "though the DN was one"
printf 'objectClass: organizationalUnit\n' | change "OU=west,$PEOPLE" add
move kitty "$PEOPLE" "OU=west,$PEOPLE"
expect_same "a move within the base"
printf 'newrdn: OU=east\ndeleteoldrdn: 1\n' | change "OU=west,$PEOPLE" modrdn
expect_same "a container is renamed, of which its entries have no number"
printf 'newrdn: OU=east\ndeleteoldrdn: 1\nnewsuperior: %s\n' "$AWAY" | change "OU=east,$PEOPLE" modrdn
expect_same "a container leaves the base with what is in it"
fire jack
expect_same "who is deleted is gone"
expect_audit "as a change of its own" '^ldap:corp entry.remove .*CN=jack'
fill 2501 everybody
expect_same "more people than one answer has, and a group whose members come in parts"

: > "$WORLD/ldap/requests"
kill -KILL "$(cat "$WORLD/out/pid")"
hire lena
fire iris
member add writers lena
expect_same "a helper that was killed goes on from its number"
[ "$(asked '^search OU=people,.* 0 1000$')" -eq 0 ] || fail "everything was read again"
refute_facts "no drift was found in all that" 'drift=[1-9]'

# ---- another database ----

world_leave || fail "the source does not end cleanly"
manner save 1
manner restore new
: > "$WORLD/log"
fire lena
world_watch
expect_log "a controller with other numbers is told" 'whose changes have other numbers'
expect_same "and read anew, after which nobody is there who is not"
expect_facts "without any doubt" '^state ok '

# ---- the same database, older than it was ----

manner save 1
for name in nora olga; do
	hire $name
done
expect_facts "who is new is known" '^person .*CN=olga,'
: > "$WORLD/log"
manner restore same
printf 'replace: mail\nmail: hugo.new@example.com\n' | change "CN=hugo,$PEOPLE" modify
expect_log "a controller that went back is told" 'went back in time'
expect_facts "what it knows is taken" '^person .*hugo.new@example.com'
expect_facts "whom it does not know stays, until a person says otherwise" '^state suspect .*'
expect_facts "they are still there" '^person .*CN=olga,'

world_leave || fail "the source does not end cleanly"
rm -rf "$WORLD/store"*
manner dirsync 0
world_watch
expect_log "DirSync goes the same way" ' is ad: DirSync'
expect_same "everything is read by it"
manner save 1
hire nora
expect_facts "who is new is known by it" '^person .*CN=nora,'
: > "$WORLD/log"
manner restore same
expect_log "that a controller went back is told by it" 'went back in time'
expect_facts "and nobody goes" '^state suspect .*'
expect_facts "who is new there is still known" '^person .*CN=nora,'

# ---- nothing is shown of what is deleted; nothing can be followed ----

world_leave || fail "the source does not end cleanly"
rm -rf "$WORLD/store"*
manner deleted no
manner dirsync 12
world_watch follow=usn poll_interval=1s
expect_same "an account that is not shown what is deleted"
expect_log "may choose the way" ' is ad: uSNChanged'
fire hugo
expect_same "finds by counting who is gone"
refute_facts "no drift was found in that" 'drift=[1-9]'

world_leave || fail "the source does not end cleanly"
rm -rf "$WORLD/store"*
: > "$WORLD/log"
world_watch "people_filter=(memberOf=CN=builders,$GROUPS_BASE)" poll_interval=1s
expect_log "a filter on memberOf needs more" 'uSNChanged does not tell who left a group'
expect_log "than can be followed" ' is ad: polled'
expect_facts "so members are found" '^person .*CN=bert,'
member delete builders bert
expect "and are gone with a reading" lacks_facts '^person .*CN=bert,'
world_leave || fail "the source does not end cleanly"
