#!/bin/sh
# SPDX-License-Identifier: ISC
# I11: an entry is its immutable id: a changed DN is a rename, and the same DN with a new id is somebody else.
# A name that passes to another entry: whether that one is a member is what the group says then.
. "$top_srcdir/tests/source/world.sh"

KATE="uid=kate,$PEOPLE"
id_of() { sed -n "s/^person \([^ ]*\) $KATE .*/\1/p" "$WORLD/out/facts"; }
is_other() { [ -n "$(id_of)" ] && [ "$(id_of)" != "$1" ]; }

# Nobody tidies up: the directory goes on naming her.
world_make
world_watch
hire kate
member add builders kate
expect_facts "somebody is a member" "^member cn=builders.* $KATE known$"
first=$(id_of)
fire kate
expect_facts "who is removed, and still named, is unknown" "^member cn=builders.* $KATE unknown$"
hire kate
expect "under the name there is somebody else" is_other "$first"
expect_facts "whom the directory calls a member" "^member cn=builders.* $KATE known$"
world_leave || fail "the source does not end cleanly"

# While nobody looks.
second=$(id_of)
fire kate
hire kate
world_watch
expect "somebody else came while nobody looked" is_other "$second"
expect_same "and everything is as the directory says"

# Groups within groups, in a ring and under new names.
printf 'objectClass: groupOfNames\ncn: outer\nmember: cn=builders,%s\n' "$GROUPS_BASE" | change "cn=outer,$GROUPS_BASE" add
printf 'add: member\nmember: cn=outer,%s\n' "$GROUPS_BASE" | change "cn=builders,$GROUPS_BASE" modify
expect_facts "a group is a member" "^member cn=outer.* cn=builders,.* known$"
expect_facts "and holds the one that holds it" "^member cn=builders.* cn=outer,.* known$"
printf 'newrdn: cn=masons\ndeleteoldrdn: 1\n' | change "cn=builders,$GROUPS_BASE" modrdn
printf 'replace: member\nmember: cn=masons,%s\n' "$GROUPS_BASE" | change "cn=outer,$GROUPS_BASE" modify
expect_facts "an inner group is renamed" "^member cn=outer.* cn=masons,.* known$"
refute_audit "and never left" 'group.members .*"removed":\["cn=builders'
change "cn=masons,$GROUPS_BASE" delete < /dev/null
expect_facts "one that is removed, and still named, is unknown" "^member cn=outer.* cn=masons,.* unknown$"
world_leave || fail "the source does not end cleanly"

# A name that passes on by renames, of which the group is not told: nobody tidies up here, so it names whoever has it.
rm -rf "$WORLD/store"
world_watch
expect_same "everything is read anew"
hire lena
hire mona
member add writers lena
expect_facts "somebody is a member" "^member cn=writers.* uid=lena,$PEOPLE known$"
rename lena laura
rename mona lena
expect_facts "she is renamed" "^person .*uid=laura,$PEOPLE"
expect "and no member any more, as nobody names her" lacks_facts "^member cn=writers.* uid=laura,"
expect_facts "but the group has who bears the name" "^member cn=writers.* uid=lena,$PEOPLE known$"
expect_same "as the directory says"
rename lena lisa
expect_facts "she goes on" "^person .*uid=lisa,$PEOPLE"
expect_facts "a name that nobody has is nobody's" "^member cn=writers.* uid=lena,$PEOPLE unknown$"
world_leave || fail "the source does not end cleanly"

# Whoever names the group's members may take his time: until then a renamed person has not left.
world_watch confirm_after=1h
member add writers lisa
expect_facts "somebody is a member" "^member cn=writers.* uid=lisa,$PEOPLE known$"
rename lisa lotte
expect_facts "her name changes" "^person .*uid=lotte,$PEOPLE"
sleep 2
refute_facts "and she stays" "^member cn=writers.* uid=lisa,$PEOPLE unknown$"
world_leave || fail "the source does not end cleanly"
