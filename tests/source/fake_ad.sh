#!/bin/sh
# SPDX-License-Identifier: ISC
# What Active Directory does and Samba does not: the limits of an answer, members in parts, changes in several answers,
# cookies that are refused, references to other partitions.
. "$top_srcdir/tests/source/world.sh"

# move NAME FROM TO
move() {
	printf 'newrdn: CN=%s\ndeleteoldrdn: 1\nnewsuperior: %s\n' "$1" "$3" | change "CN=$1,$2" modrdn
}

# Nothing was asked of groups' members for a while.
is_quiet() {
	was=$(asked 'member;range=')
	sleep 2
	[ "$(asked 'member;range=')" -eq "$was" ]
}

world_make_fake_ad
world_watch
expect_same "everything is read"
expect_log "it is an Active Directory" ' is ad: DirSync'

hire kate
expect_same "a person is added"
printf 'replace: mail\nmail: kate.new@example.com\n' | change "CN=kate,$PEOPLE" modify
expect_same "a person is changed"
member add builders kate
expect_same "a member is added"
member delete builders anna
expect_same "a member goes"
rename kate kitty
expect_same "a rename is followed into the groups"
printf 'objectClass: organizationalUnit\n' | change "OU=west,$PEOPLE" add
move kitty "$PEOPLE" "OU=west,$PEOPLE"
expect_same "a move within the base"
printf 'newrdn: OU=east\ndeleteoldrdn: 1\n' | change "OU=west,$PEOPLE" modrdn
expect_same "a container is renamed, of which its entries are not told"
printf 'newrdn: OU=east\ndeleteoldrdn: 1\nnewsuperior: OU=machines,%s\n' "$SAMBA_SUFFIX" |
	change "OU=east,$PEOPLE" modrdn
expect_same "a container leaves the base with what is in it"

manner deleted yes
world_leave || fail "the source does not end cleanly"
manner answer 2
hire lena
hire mona
fire jack
member add writers lena
member add writers mona
printf 'replace: mail\nmail: bert.new@example.com\n' | change "CN=bert,$PEOPLE" modify
world_watch removals_few=100
expect_same "changes that come in many answers"
fire mona
expect_same "who is deleted is gone"
expect_audit "as a change of its own" '^ldap:corp entry.remove .*CN=mona'
refute_facts "no drift was found in all that" 'drift=[1-9]'
manner answer 1000

fill 2501 everybody
expect_same "people beyond the limit of an answer, and a group whose members come in parts"
expect "the server stands still" is_quiet
: > "$WORLD/ldap/requests"
member delete everybody p17
expect_same "one of them goes"
member add everybody p17
member add everybody cleo
member delete everybody p18
expect_same "some come and another one goes"
[ "$(asked 'member;range=1500')" -eq 0 ] || fail "all members were read for a few"
echo "ok: for which the others are not read"
printf 'replace: cn\ncn: everybody\n-\nadd: member\nmember: CN=dave,%s\n' "$PEOPLE" |
	change "CN=everybody,$GROUPS_BASE" modify
expect_same "a group of which more changes is read again"
was_read_whole() { [ "$(asked 'member;range=1500')" -gt 0 ]; }
expect "all of it" was_read_whole
world_leave || fail "the source does not end cleanly"
rm -rf "$WORLD/store"*
world_watch
expect_same "all of them are read at once, too"
[ "$(asked '^search OU=people.* 0 1000$')" -ge 2 ] || fail "no answer was at its limit: nothing is shown"

for code in 1 2 12 50 53 4096; do
	world_leave || fail "the source does not end cleanly"
	manner cookie "$code"
	: > "$WORLD/log"
	hire "new$code"
	world_watch
	expect_log "a cookie that is refused with $code is told" "DirSync: .*\\($code\\)"
	manner cookie 0
	expect_same "and everything is read in its place"
done
refute_facts "no drift was found in all that either" 'drift=[1-9]'

world_leave || fail "the source does not end cleanly"
manner right yes
hire olaf
: > "$WORLD/ldap/requests"
world_watch
expect_same "an account that may replicate"
fire olaf
expect_same "is told what is deleted"

# ---- who is rung for need not wait ----

world_leave || fail "the source does not end cleanly"
world_watch change_interval=1h
expect_same "everything is known"
hire petra
expect_same "a change is asked for when the bell rings"
member add builders petra
expect_same "and so is the next"
for name in quinn rosa sven; do
	hire $name
done
fire petra
expect_same "and what comes while it is asked"
manner hang_up 1
expect_log "a bell that is taken away is told" 'change notification: .*; changes of groups are asked for each'
world_leave || fail "the source does not end cleanly"
manner notify -1
world_watch change_interval=1s
fire rosa
expect_same "a bell that never rings loses nothing"
world_leave || fail "the source does not end cleanly"
manner notify 53
: > "$WORLD/log"
world_watch change_interval=1s
expect_log "one that is refused is told" 'change notification: Server is unwilling'
fire sven
expect_same "and loses nothing either"
manner notify 0

world_leave || fail "the source does not end cleanly"
rm -rf "$WORLD/store"*
PEOPLE_BASE=$PEOPLE
PEOPLE=$SAMBA_SUFFIX GROUPS_BASE=$SAMBA_SUFFIX
world_watch
expect_same "the base may be the domain: its references are declined"
manner scope no
: > "$WORLD/log"
kill -USR1 "$WORLD_PID"
expect_log "references that come anyhow are told" 'refers to another one'
manner scope yes
expect_facts "and nobody has left" '^person .*CN=anna,'
printf 'replace: mail\nmail: anna.new@example.com\n' | change "CN=anna,$PEOPLE_BASE" modify
expect_same "then it goes on"
refute_audit "nobody was taken for gone" 'entry.remove'
world_leave || fail "the source does not end cleanly"
