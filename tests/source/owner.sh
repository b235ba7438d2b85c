#!/bin/sh
# SPDX-License-Identifier: ISC
# Who answers for a person's API user, by a DN that may point anywhere, and which application it is for.
. "$top_srcdir/tests/source/world.sh"

# set_value NAME ATTRIBUTE VALUE: of a person
set_value() { printf 'replace: %s\n%s: %s\n' "$2" "$2" "$3" | change "uid=$1,$PEOPLE" modify; }
has_owner() { has_facts "^owner uid=$1,.* $2\$"; }
expect_owner() { expect "$1" has_owner "$2" "$3"; }
machines=ou=machines,dc=example,dc=com
start() {
	world_watch "attr_owner=manager|seeAlso|description" "owner_name=mail|cn" \
		'attr_application=${departmentNumber}|employeeType|=unsorted' "$@"
}

world_make
# An owner beside those whom the filter finds, one outside of the base, one of whom nothing can be read, one who is not
# there, and one who is only a name.
printf 'objectClass: device\ncn: robot\n' | change "cn=robot,$machines" add
printf 'objectClass: applicationProcess\ncn: hidden\n' | change "cn=hidden,$machines" add
slapd_access "access to dn.exact=\"cn=hidden,$machines\" by dn.exact=\"$SLAPD_READER\" none"
slapd_stop
slapd_start_again
set_value anna manager "uid=bert,$PEOPLE"
set_value bert manager "cn=robot,$machines"
set_value cleo manager "cn=hidden,$machines"
set_value dave seeAlso "uid=nobody,$PEOPLE"
set_value emma description "Team 7, on call"
set_value anna departmentNumber crm-sync
set_value bert employeeType billing

start
expect_owner "an owner is shown by his address" anna bert@example.com
expect_owner "one outside of the base by what there is" bert robot
expect_owner "one that may not be read is unknown" cleo "\\?cn=hidden,$machines"
expect_owner "and so is one that is not there" dave "\\?uid=nobody,$PEOPLE"
expect_owner "a name is taken as it is" emma "Team 7, on call"
refute_facts "who has none has none" '^owner uid=finn,'
expect_facts "applications come from any attribute" '^application uid=anna,.* crm-sync$'
expect_facts "the first that has a value" '^application uid=bert,.* billing$'
expect_facts "or are the same for all others" '^application uid=finn,.* unsorted$'

# What changes with the owner, and what changes to another one.
set_value bert mail bert@example.org
expect_owner "an owner's new address is seen" anna bert@example.org
rename bert bertram
set_value anna manager "uid=bertram,$PEOPLE"
expect_owner "and his new name" anna bert@example.org
set_value anna manager "cn=robot,$machines"
expect_owner "somebody else answers for her" anna robot
printf 'delete: manager\n' | change "uid=anna,$PEOPLE" modify
expect "nobody does" lacks_facts '^owner uid=anna,'
set_value anna departmentNumber hr-sync
expect_facts "for another application" '^application uid=anna,.* hr-sync$'
world_leave || fail "the source does not end cleanly"

# An owner that comes later is found when the answer is old.
hire nobody
start full_compare=1s
expect_owner "one who was not there before is found" dave nobody@example.com
fire nobody
expect_owner "and lost, and not taken for none" dave "\\?uid=nobody,$PEOPLE"
world_leave

# Other words for the same owners.
start owner_name=cn
expect_owner "by another expression" emma "Team 7, on call"
set_value finn manager "uid=gina,$PEOPLE"
expect_owner "new ones" finn "gina example"
world_leave
start "owner_name=\${givenName} of \${mail}"
expect_owner "and those who were known" finn "gina of gina@example.com"
world_leave || fail "the source does not end cleanly"
