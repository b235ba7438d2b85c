#!/bin/sh
# SPDX-License-Identifier: ISC
# An Active Directory that is followed by the numbers of its changes, with an account of every right and one of none.
. "$top_srcdir/tests/source/world.sh"

# move NAME FROM TO
move() {
	printf 'newrdn: CN=%s\ndeleteoldrdn: 1\nnewsuperior: %s\n' "$1" "$3" | change "CN=$1,$2" modrdn
}

world_make_ad
AWAY=OU=machines,$SAMBA_SUFFIX
samba_account plain
for account in syncer plain; do
	world_log_in "$account"
	rm -rf "$WORLD/store"*
	: > "$WORLD/log"
	world_watch follow=usn poll_interval=1s
	expect_same "everything is read by $account"
	expect_log "by numbers of changes" ' is samba .*uSNChanged'
	hire kate
	expect_same "a person is added"
	printf 'replace: mail\nmail: kate.new@example.com\n' | change "CN=kate,$PEOPLE" modify
	expect_same "a person is changed"
	member add builders kate
	expect_same "a member is added"
	rename kate kitty
	expect_same "a rename is followed into the groups"
	member delete builders kitty
	expect_same "a member goes"
	printf 'objectClass: organizationalUnit\n' | change "OU=west,$PEOPLE" add
	move kitty "$PEOPLE" "OU=west,$PEOPLE"
	expect_same "a move within the base"
	printf 'newrdn: OU=east\ndeleteoldrdn: 1\n' | change "OU=west,$PEOPLE" modrdn
	expect_same "a container is renamed"
	printf 'newrdn: OU=east\ndeleteoldrdn: 1\nnewsuperior: %s\n' "$AWAY" | change "OU=east,$PEOPLE" modrdn
	expect_same "a container leaves the base with what is in it"
	change "CN=kitty,OU=east,$AWAY" delete < /dev/null
	change "OU=east,$AWAY" delete < /dev/null
	hire mona
	expect_same "another person is added"
	fire mona
	expect_same "who is deleted is gone"

	kill -KILL "$(cat "$WORLD/out/pid")"
	hire lena
	member add writers lena
	expect_same "a helper that was killed goes on from its number"
	fire lena
	expect_same "and is told who is gone"
	refute_facts "no drift was found in all that" 'drift=[1-9]'
	[ "$(grep -c 'source.import .*people' "$WORLD/out/audit")" -eq 1 ] || fail "everything was read again"
	world_leave || fail "the source does not end cleanly"
done
