#!/bin/sh
# SPDX-License-Identifier: ISC
# Groups that name their members in other ways than by member: uniqueMember, memberUid.
. "$top_srcdir/tests/source/world.sh"

BOTH='(|(objectClass=groupOfUniqueNames)(objectClass=posixGroup)(objectClass=groupOfNames))'

# add_group NAME CLASS, with further lines on stdin
add_group() {
	{ printf 'objectClass: %s\ncn: %s\n' "$2" "$1"; cat; } | change "cn=$1,$GROUPS_BASE" add
}

# unique NAME BITS
unique() { printf 'uniqueMember: uid=%s,%s%s\n' "$1" "$PEOPLE" "${2:+#'$2'B}"; }

# member_uid add|delete GROUP NAME
member_uid() { printf '%s: memberUid\nmemberUid: %s\n' "$1" "$3" | change "cn=$2,$GROUPS_BASE" modify; }

world_make
{ unique anna; unique bert 0101; } | add_group pilots groupOfUniqueNames
printf 'gidNumber: 700\nmemberUid: anna\nmemberUid: stranger\n' | add_group sailors posixGroup
world_watch "groups_filter=$BOTH" 'attr_member=member uniqueMember memberUid'

expect_facts "uniqueMember is read" "^member cn=pilots.* uid=anna,.* known$"
expect_facts "with an identifier behind the DN" "^member cn=pilots.* uid=bert,$PEOPLE known$"
expect_facts "memberUid is read" "^member cn=sailors.* @anna known$"
expect_facts "a name that nobody has is unknown, not absent" "^member cn=sailors.* @stranger unknown$"
expect_facts "member is read beside them" "^member cn=builders.* known$"

hire stranger
expect_facts "until somebody has it" "^member cn=sailors.* @stranger known$"

member_uid add sailors bert
expect_facts "a member is added by name" "^member cn=sailors.* @bert known$"
member_uid delete sailors bert
expect "and removed" lacks_facts "^member cn=sailors.* @bert "

# Of one name there are two: nobody is meant.
hire other
printf 'add: uid\nuid: Anna\n' | change "uid=other,$PEOPLE" modify
expect_facts "a name of two people is nobody's" "^member cn=sailors.* @anna unknown$"
expect_audit "and the trail tells it" '^ldap:corp member.ambiguous corp .*anna'
fire other
expect_facts "of the two the other one is left" "^member cn=sailors.* @anna known$"

# The person first, the group a moment later: at no time is nobody in the group.
known=$(grep -cE 'group.members.*"removed"' "$WORLD/out/audit")
rename stranger traveller
printf 'delete: memberUid\nmemberUid: stranger\n-\nadd: memberUid\nmemberUid: traveller\n' |
	change "cn=sailors,$GROUPS_BASE" modify
expect_facts "a person is renamed and the group follows" "^member cn=sailors.* @traveller known$"
rename traveller nomad
expect_facts "a name that is left behind is unknown" "^member cn=sailors.* @traveller unknown$"
refute_facts "and its old bearer is not in the group by another" "^member cn=sailors.* @nomad "
[ "$known" -ge 1 ] || fail "the removal of bert is not in the trail"

world_leave || fail "the source does not end cleanly"
world_watch "groups_filter=$BOTH" attr_member=uniqueMember full_compare=1s
expect_facts "an attribute that is not read any more looks like emptied groups, so nobody leaves" '^state suspect '
expect "those who are unknown do" lacks_facts "^member cn=sailors.* @traveller "
expect_facts "and the others stay" "^member cn=builders.* known$"
world_leave || fail "the source does not end cleanly"
