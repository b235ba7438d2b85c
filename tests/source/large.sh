#!/bin/sh
# SPDX-License-Identifier: ISC
# A group that is so large that only who joins or leaves is told; its members are those of the directory all the same.
. "$top_srcdir/tests/source/world.sh"

CROWD=700

world_make refint
{
	printf 'objectClass: groupOfNames\ncn: crowd\n'
	i=0
	while [ $i -lt $CROWD ]; do
		printf 'member: uid=stranger%d,%s\n' $i "$PEOPLE"
		i=$((i + 1))
	done
} | change "cn=crowd,$GROUPS_BASE" add
hire kate
hire liam
world_watch
expect_same "a large group is read"

member add crowd kate
expect_same "a member joins"
expect_audit "which is one member in the audit" 'group.members .*"added":\["uid=kate,[^"]*"\]'
member delete crowd stranger7
expect_same "an unknown one leaves"
member add crowd liam
member delete crowd kate
expect_same "one joins, one leaves"
rename liam leo
expect_same "a rename is followed into the group that refint rewrites unseen"
member delete crowd leo
member add crowd kate
expect_same "and the group goes on from there"
fire kate
expect_same "a person who goes leaves the group"
hire stranger8
expect_same "a stranger turns up"
member delete crowd stranger8
expect_same "and leaves"

# The list told before was one process's; the next one begins with the whole.
world_leave
member add crowd leo
world_watch
expect_same "what happened meanwhile is read"
member delete crowd leo
expect_same "and followed again"
world_leave

# A group that is too large for a message: nobody leaves it, and it is told which option says so.
world_watch max_message=64KiB
expect_same "a group that did not change is not sent"
{
	echo 'add: member'
	i=1000
	while [ $i -lt 2500 ]; do
		echo "member: uid=stranger$i,$PEOPLE"
		i=$((i + 1))
	done
} | change "cn=crowd,$GROUPS_BASE" modify
expect_facts "one that has grown too large is told" '^state stale .*larger than max_message'
refute_facts "and nobody leaves it" 'entries=([0-9]|1[01]) '
expect_facts "nor is anybody forgotten" "^member cn=crowd,[^ ]* uid=stranger600,"
world_leave
world_watch
expect_same "and with a larger one it is read"
world_leave

# More members than are taken: those that it had stay, whatever the directory says, and everything else goes on.
hire mary
member add crowd mary
member delete crowd stranger9
world_watch max_members=600
expect_log "a group with too many members is told" "group 'cn=crowd,.*it has [0-9]* members or more, and max_members is 600"
rename mary maria
expect_facts "other changes are followed" "^person .* uid=maria,"
refute_facts "nobody joins it" "^member cn=crowd,[^ ]* uid=mar[a-z]*,"
expect_facts "and nobody leaves" "^member cn=crowd,[^ ]* uid=stranger9,"
world_leave
world_watch
expect_same "when more are taken, all of it is read"
world_leave
