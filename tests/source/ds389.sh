#!/bin/sh
# SPDX-License-Identifier: ISC
# A 389-DS, followed: what it pushes is taken, and what it is known to keep back is found anyhow.
. "$top_srcdir/tests/source/world.sh"

# crowd add|delete FIRST LAST: people c100 to c199 and so on
crowd() {
	for number in $(seq "$2" "$3"); do
		if [ "$1" = add ]; then
			slapd_person "c$number" | sed '/^dn: /a changetype: add'
		else
			printf 'dn: uid=c%s,%s\nchangetype: delete\n\n' "$number" "$PEOPLE"
		fi
	done | ds389_modify
}

# So many changes are no mishap here.
watch() { world_watch removals_few=1000000 "$@"; }

world_make_389
# The server pushes some changes long after it shows them.
watch full_compare=1s confirm_after=10s
expect_same "everything is read"
expect_log "the server is known for what it is" ' is 389ds \(389 .*RFC 4533'

hire kate
expect_same "a person is added"
printf 'replace: mail\nmail: kate.new@example.com\n' | change "uid=kate,$PEOPLE" modify
expect_same "a person is changed"
member add builders kate
expect_same "a member is added"
rename kate kitty
expect_same "a rename is followed into the groups"
rename kitty kate
member delete builders kate
expect_same "a member is removed"
fire kate
expect_same "a person is removed"
hire kate
expect_same "a person of the same name is somebody else"
printf 'replace: nsAccountLock\nnsAccountLock: TRUE\n' | change "uid=kate,$PEOPLE" modify
expect_facts "a lock disables, though no option says so" '^person .*uid=kate.* disabled$'
printf 'delete: nsAccountLock\n' | change "uid=kate,$PEOPLE" modify
expect_same "and no lock does not"
refute_facts "what it pushes and what is read whole have the same ids" 'drift=[1-9]'

crowd add 100 399
expect_same "a crowd comes"
world_leave || fail "the source does not end cleanly"
crowd delete 100 219
fire kate
watch
expect_same "a hundred and twenty go while nobody listens, of whom a resumed refresh would have kept some"

world_leave
watch
expect_same "with nothing to tell a resumed refresh would have taken everybody"

kill -KILL "$(cat "$WORLD/out/pid")"
crowd delete 220 229
member add writers anna
expect_same "a helper that was killed reads anew"
ds389_kill
expect_facts "a directory that is away makes the source stale" '^state stale'
ds389_start_again
fire jack
expect_same "and is read anew when it is back"
ds389_stop
expect_facts "also when it was stopped in order" '^state stale'
ds389_start_again
hire kate
expect_same "so that what happened then is seen"
refute_facts "no drift was found in all that" 'drift=[1-9]'

world_leave || fail "the source does not end cleanly"
crowd delete 230 399
rm -rf "$WORLD/store"*
builders="(&(objectClass=inetOrgPerson)(memberOf=cn=builders,$GROUPS_BASE))"
watch "people_filter=$builders"
expect_facts "a filter on memberOf finds the members" '^state ok complete=1 entries=3 '
member add builders emma
expect_facts "who becomes one comes" '^state ok complete=1 entries=4 '
member delete builders emma
expect_facts "who is no longer one goes" '^state ok complete=1 entries=3 '
member add builders emma
member add builders finn
expect_facts "two come" '^state ok complete=1 entries=5 '
world_leave || fail "the source does not end cleanly"
member delete builders finn
watch "people_filter=$builders"
expect_facts "who left while nobody listened is gone" '^state ok complete=1 entries=4 '
refute_facts "and is the right one" '^person .*uid=finn,'
world_leave || fail "the source does not end cleanly"
