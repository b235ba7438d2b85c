#!/bin/sh
# SPDX-License-Identifier: ISC
# Groups whose members a directory does not name: each search of theirs is run, and believed only when it is whole.
. "$top_srcdir/tests/source/world.sh"

DYNAMIC="groups_filter=(|(objectClass=groupOfNames)(objectClass=groupOfURLs)) dynamic_interval=1s removals_few=100"

# of NAME MEMBER...: the facts say that these are the known members of a group, and nobody else
of() {
	of_group=$1
	shift
	for of_name; do echo "member cn=$of_group,$GROUPS_BASE uid=$of_name,$PEOPLE known"; done | sort > "$WORLD/of"
	grep -E "^member cn=$of_group,.* known$" "$WORLD/out/facts" | sort | diff "$WORLD/of" -
}
# url NAME URL...: the group has these searches
url() {
	url_group=$1
	shift
	{
		echo "replace: memberURL"
		for url_text; do echo "memberURL: $url_text"; done
	} | change "cn=$url_group,$GROUPS_BASE" modify
}
work() { printf 'replace: employeeType\nemployeeType: %s\n' "$2" | change "uid=$1,$PEOPLE" modify; }

STAFF="ldap:///$PEOPLE??sub?(employeeType=staff)"
world_make dyngroup
work anna staff
work bert staff
work cleo staff
printf 'objectClass: groupOfURLs\nobjectClass: extensibleObject\ncn: staff\nmemberURL: %s\nmember: uid=jack,%s\n' \
	"$STAFF" "$PEOPLE" | change "cn=staff,$GROUPS_BASE" add
# shellcheck disable=SC2086 # the options have no blanks
world_watch $DYNAMIC
expect "the members of a dynamic group are found, beside whom it names" of staff anna bert cleo jack

work dave staff
expect "who is to be found by now joins" of staff anna bert cleo dave jack
work anna guest
expect "and who is not any more leaves" of staff bert cleo dave jack
printf 'delete: member\nmember: uid=jack,%s\n' "$PEOPLE" | change "cn=staff,$GROUPS_BASE" modify
expect "as does whom it named" of staff bert cleo dave
rename bert berta
expect "a rename is followed" of staff berta cleo dave

work emma guest
url staff "$STAFF" "ldap:///$PEOPLE??one?(employeeType=guest)"
expect "two searches make one group" of staff anna berta cleo dave emma
printf 'objectClass: groupOfNames\ncn: outer\nmember: cn=staff,%s\n' "$GROUPS_BASE" | change "cn=outer,$GROUPS_BASE" add
expect_facts "and it can be a member itself" "^member cn=outer,.* cn=staff,.* known$"

# What cannot be searched for is not known, and takes nobody's membership.
spoilt() {
	url staff "$STAFF" "$2"
	expect_log "$1 is told" "cn=staff.*not all of its members are known: .*$3"
	expect_facts "  by the source's word, too" '^state ok complete=1 .*text=not all members are known of 1 group:'
	work cleo none
	work finn staff
	expect_facts "  somebody joins all the same" "^member cn=staff,.* uid=finn,.* known$"
	sleep 3
	has_facts "^member cn=staff,.* uid=cleo,.* known$" || fail "$1: somebody has left"
	work cleo staff
	work finn none
	url staff "$STAFF"
	expect "  and leaves when it is mended" of staff berta cleo dave
	expect_facts "  and there is no more to say" '^state ok complete=1 .*text=-$'
}
spoilt "another server" "ldap://ldap.example.org/$PEOPLE??sub?(employeeType=guest)" "it names a server"
spoilt "a base that is not there" "ldap:///ou=gone,$PEOPLE??sub?(uid=*)" "[Nn]o such object"
spoilt "a filter that only libldap refuses" "ldap:///$PEOPLE??sub?(=*)" "Bad search filter"
url staff "ldap:///$SLAPD_SUFFIX??sub?(uid=*)"
expect_log "a base beyond the two is told" "cn=staff.*its base is not below dynamic_bases"
of staff berta cleo dave || fail "without any search that may be run, nobody is known to have left"
url staff "$STAFF"
refute_facts "nothing of that was drift" 'drift=[1-9]'
has_facts '^state ok complete=1' || fail "the source is not well"

# A reading of everything says the same.
work dave guest
world_leave || fail "the source does not end cleanly"
work berta none
# shellcheck disable=SC2086
world_watch $DYNAMIC full_compare=1s
expect "what changed while nobody looked is found" of staff cleo

world_leave || fail "the source does not end cleanly"
for i in $(seq 30); do slapd_person "u$i"; done | sed '/^dn: /a changetype: add' | world_modify
url staff "ldap:///$PEOPLE??sub?(uid=u*)"
# shellcheck disable=SC2086
world_watch $DYNAMIC dynamic_members=20
expect_log "too many are told" "cn=staff.*dynamic_members"
expect_facts "and whoever was found counts" "^member cn=staff,.* uid=u[0-9]*,.* known$"
has_facts "^member cn=staff,.* uid=cleo,.* known$" || fail "somebody has left who may be among the others"
world_leave || fail "the source does not end cleanly"

# Where a directory is polled, its reading runs the searches.
rm -rf "$WORLD/store"*
# shellcheck disable=SC2086
world_watch $DYNAMIC attr_id=entryUUID poll_interval=1s
expect "a polled directory's group is whole" of staff $(seq -f 'u%g' 30)
work u1 none
url staff "ldap:///$PEOPLE??sub?(&(uid=u*)(!(employeeType=none)))"
expect "and who is not found twice leaves" of staff $(seq -f 'u%g' 2 30)
world_leave || fail "the source does not end cleanly"

# People of a posixGroup by their own gidNumber, beside those whom it names.
printf 'add: objectClass\nobjectClass: posixAccount\n-\nadd: uidNumber\nuidNumber: 1000\n-\nadd: gidNumber\ngidNumber: 100\n-\nadd: homeDirectory\nhomeDirectory: /\n' |
	change "uid=gina,$PEOPLE" modify
printf 'objectClass: posixGroup\ncn: users\ngidNumber: 100\nmemberUid: hugo\n' | change "cn=users,$GROUPS_BASE" add
rm -rf "$WORLD/store"*
world_watch "groups_filter=(objectClass=posixGroup)" primary_group=gidNumber dynamic_interval=1s removals_few=100
expect_facts "whose primary group it is is a member" "^member cn=users,.* uid=gina,$PEOPLE known$"
expect_facts "as is who is named" "^member cn=users,.* @hugo known$"
printf 'replace: gidNumber\ngidNumber: 200\n' | change "uid=gina,$PEOPLE" modify
expect "until it is another one" lacks_facts '^member cn=users,.* uid=gina,'
world_leave || fail "the source does not end cleanly"

# A server that puts the members into the group itself.
slapd_stop
rm -rf "$WORLD/ldap" "$WORLD/store"* "$WORLD/out"
world_make dynlist
work anna staff
printf 'objectClass: groupOfURLs\nobjectClass: extensibleObject\ncn: staff\nmemberURL: %s\n' "$STAFF" | change "cn=staff,$GROUPS_BASE" add
world_find "cn=staff,$GROUPS_BASE" '(objectClass=*)' member | grep -q "^member: uid=anna," || fail "the server does not do what it is tested for"
# shellcheck disable=SC2086
world_watch $DYNAMIC
expect "its members are those that it gives" of staff anna
work bert staff
expect "and who is one by now, of which it does not tell" of staff anna bert
work anna none
expect "and not who is not" of staff bert
world_leave || fail "the source does not end cleanly"
