#!/bin/sh
# SPDX-License-Identifier: ISC
# People whom an Active Directory's groups do not name: by their primary group, and through groups within groups.
. "$top_srcdir/tests/source/world.sh"

# of NAME MEMBER...: the facts say that these people are the known members of a group, and nobody else is
of() {
	of_group=$1
	shift
	for of_name; do echo "cn=$of_name,$PEOPLE known"; done | tr '[:upper:]' '[:lower:]' | sort > "$WORLD/of"
	grep -iE "^member cn=$of_group,.* known$" "$WORLD/out/facts" | tr '[:upper:]' '[:lower:]' | grep -v "ou=groups.* cn=.*ou=groups" |
		sed 's/^.* cn=/cn=/' | sort | diff "$WORLD/of" -
}
all="anna bert cleo dave emma finn gina hugo iris jack"
rid() {
	samba_find "CN=$1,$GROUPS_BASE" '(objectClass=group)' objectSid | sed -n 's/^objectSid: .*-//p'
}

world_make_ad
# The users of the domain as one of our groups.
printf 'newrdn: CN=Domain Users\ndeleteoldrdn: 1\nnewsuperior: %s\n' "$GROUPS_BASE" |
	change "CN=Domain Users,CN=Users,$SAMBA_SUFFIX" modrdn
people="people_filter=(&(objectClass=user)(mail=*)) dynamic_interval=1s removals_few=100"
# shellcheck disable=SC2086 # the options have no blanks
world_watch $people
expect "everybody is in the group that names nobody" of "domain users" $all
hire kate
expect "who comes is in it by and by" of "domain users" $all kate

member add builders kate
expect_facts "kate is a member of another" '^member CN=builders.* cn=kate,.* known$'
printf 'replace: primaryGroupID\nprimaryGroupID: %s\n' "$(rid builders)" | change "CN=kate,$PEOPLE" modify
samba_find "CN=builders,$GROUPS_BASE" '(objectClass=group)' member | grep -qi kate && fail "the directory does not do what it is tested for"
expect "and that she is in both is true still" of builders anna bert cleo kate
expect "for the old one names her" of "domain users" $all kate
refute_audit "she has not left for a moment" 'group.members .*"removed":\["cn=kate'
printf 'replace: primaryGroupID\nprimaryGroupID: 513\n' | change "CN=kate,$PEOPLE" modify
expect "back again" of builders anna bert cleo kate
refute_audit "she has not left for a moment" 'group.members .*"removed":\["cn=kate'
member delete builders kate
expect "and out of the one" of builders anna bert cleo
expect "not of the other" of "domain users" $all kate
fire kate
expect "who is removed is gone from both" of "domain users" $all
world_leave || fail "the source does not end cleanly"

# Without it, and with a reading of everything.
rm -rf "$WORLD/store"*
# shellcheck disable=SC2086
world_watch $people primary_group=none
expect "as it is named, the group is empty" of "domain users"
expect_facts "although all is read" '^state ok complete=1'
world_leave || fail "the source does not end cleanly"
rm -rf "$WORLD/store"*
# shellcheck disable=SC2086
world_watch $people attr_id=objectGUID poll_interval=1s
expect "a directory that is polled has it, too" of "domain users" $all
world_leave || fail "the source does not end cleanly"

# Groups within groups, of which one lies where we do not look.
AWAY=OU=machines,$SAMBA_SUFFIX
group_of() {
	printf 'objectClass: group\nsAMAccountName: %s\n' "$1"
	group_name=$1
	shift
	for group_member; do echo "member: $group_member"; done
}
group_of inner "CN=emma,$PEOPLE" "CN=finn,$PEOPLE" | change "CN=inner,$GROUPS_BASE" add
group_of far "CN=gina,$PEOPLE" | change "CN=far,$AWAY" add
group_of outer "CN=inner,$GROUPS_BASE" "CN=far,$AWAY" "CN=hugo,$PEOPLE" | change "CN=outer,$GROUPS_BASE" add
printf 'add: member\nmember: CN=outer,%s\n' "$GROUPS_BASE" | change "CN=inner,$GROUPS_BASE" modify # a ring

# Everybody in `outer`, as walking through the facts finds them.
walk() {
	awk -v start="cn=outer,$GROUPS_BASE" '
	/^member / && / known$/ {
		line = tolower($0); sub(/ known$/, "", line); sub(/^member /, "", line)
		at = match(line, / cn=[^ ]*$/); group = substr(line, 1, at - 1); names[group] = names[group] "\n" substr(line, at + 1)
	}
	END {
		start = tolower(start); todo[1] = start; count = 1; met[start] = 1
		for (i = 1; i <= count; i++) {
			n = split(names[todo[i]], member, "\n")
			for (j = 2; j <= n; j++)
				if (!(member[j] in met)) { met[member[j]] = 1; todo[++count] = member[j] }
		}
		for (i = 1; i <= count; i++) if (todo[i] ~ /,ou=people,/) print todo[i]
	}' "$WORLD/out/facts" | sed 's/,.*//; s/^cn=//' | sort | tr '\n' ' '
}
walks() { [ "$(walk)" = "$1" ] || { walk; return 1; }; }

rm -rf "$WORLD/store"*
# shellcheck disable=SC2086
world_watch $people
expect "walking finds who is in groups that we read" walks "emma finn hugo "
world_leave || fail "the source does not end cleanly"
rm -rf "$WORLD/store"*
# shellcheck disable=SC2086
world_watch $people nested=in-chain
expect "the server's chain finds the others, too" walks "emma finn gina hugo "
expect "directly" of outer emma finn gina hugo
printf 'add: member\nmember: CN=iris,%s\n' "$PEOPLE" | change "CN=far,$AWAY" modify
expect "who joins a group that we do not see is found" of outer emma finn gina hugo iris
printf 'delete: member\nmember: CN=gina,%s\n' "$PEOPLE" | change "CN=far,$AWAY" modify
expect "and who leaves it leaves" of outer emma finn hugo iris
printf 'delete: member\nmember: CN=far,%s\n' "$AWAY" | change "CN=outer,$GROUPS_BASE" modify
expect "without that group the chain is the walk" of outer emma finn hugo
expect "person for person" walks "emma finn hugo "
world_leave || fail "the source does not end cleanly"
