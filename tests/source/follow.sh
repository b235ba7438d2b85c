#!/bin/sh
# SPDX-License-Identifier: ISC
# What happens in the directory while it is watched happens in the store.
. "$top_srcdir/tests/source/world.sh"

world_make refint
world_watch
expect_same "everything is read"
expect_log "the kind of server and the way of following are told" ' is openldap: RFC 4533'
expect_audit "a first import is one audit row per search" 'source.import corp .*"entries":10'
refute_audit "and no row per entry" 'entry.add'

hire kate
expect_same "a person is added"
expect_audit "which is audited" '^ldap:corp entry.add .*uid=kate'

printf 'replace: mail\nmail: kate.new@example.com\n' | change "uid=kate,$PEOPLE" modify
expect_same "a person is changed"

member add builders kate
expect_same "a member is added"
expect_audit "which is audited too" 'group.members .*"added":\["uid=kate'
member delete builders kate
expect_same "a member is removed"
expect_audit "and so is that" 'group.members .*"removed":\["uid=kate'
member add builders kate
expect_same "a member comes back"

rename kate kitty
expect_same "a rename is followed into the groups that refint rewrites unseen"
rename kitty kate
expect_same "and back"
# away NAME, home NAME: out of the base of people, and back
away() { printf 'newrdn: uid=%s\ndeleteoldrdn: 1\nnewsuperior: ou=machines,%s\n' "$1" "$SLAPD_SUFFIX" | change "uid=$1,$PEOPLE" modrdn; }
home() { printf 'newrdn: uid=%s\ndeleteoldrdn: 1\nnewsuperior: %s\n' "$1" "$PEOPLE" | change "uid=$1,ou=machines,$SLAPD_SUFFIX" modrdn; }
away kate
expect_same "who leaves the base is somebody unknown, under the name that refint gives the group unseen"
home kate
expect_same "and who comes back is known again, by another one"

world_leave
world_watch attr_disabled=employeeType
printf 'replace: employeeType\nemployeeType: TRUE\n' | change "uid=kate,$PEOPLE" modify
expect_facts "a person can be disabled" '^person .*uid=kate.* disabled$'
printf 'replace: employeeType\nemployeeType: intern\n' | change "uid=kate,$PEOPLE" modify
expect_same "and enabled"

world_leave
world_watch attr_expires=employeeType
printf 'replace: employeeType\nemployeeType: 20200229120000Z\n' | change "uid=kate,$PEOPLE" modify
expect_facts "a date disables" '^person .*uid=kate.* disabled$'
printf 'replace: employeeType\nemployeeType: 2999-12-31\n' | change "uid=kate,$PEOPLE" modify
expect_same "and one that is to come does not yet"
printf 'replace: employeeType\nemployeeType: intern\n' | change "uid=kate,$PEOPLE" modify

world_leave
world_watch 'attr_mail=${uid}@fold.example.com' 'disabled=employeeType=gone'
printf 'replace: employeeType\nemployeeType: Gone\n' | change "uid=kate,$PEOPLE" modify
expect_facts "a value disables, and an address is made of an attribute" '^person .*uid=kate.* kate@fold.example.com disabled$'
world_leave
world_watch 'attr_mail=labeledURI | ${mail:fold}'
printf 'replace: employeeType\nemployeeType: intern\n' | change "uid=kate,$PEOPLE" modify
expect_same "without the test she is active, and the second choice gives the address"

fire kate
expect_same "a person who is removed leaves the groups"
hire kate
expect_same "a person of the same name is somebody else"

{ slapd_group readers emma finn; } | sed '/^dn: /a changetype: add' | slapd_modify
expect_same "a group is added"
printf 'newrdn: cn=lectors\ndeleteoldrdn: 1\n' | change "cn=readers,$GROUPS_BASE" modrdn
expect_same "a group is renamed"
change "cn=lectors,$GROUPS_BASE" delete < /dev/null
expect_same "a group is removed"

refute_facts "no drift was found in all that" 'drift=[1-9]'
world_leave || fail "the source does not end cleanly"
