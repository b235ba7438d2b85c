#!/bin/sh
# SPDX-License-Identifier: ISC
# What a 389-DS shows to somebody who looks before anything is read, and which of our rights is missing.
. "$top_srcdir/tests/source/world.sh"
. "$top_srcdir/tests/source/look.sh"

world_make_389
look
says "it is known, and by what" '.server | .vendor == "389ds" and (.vendor_why | test("389"))'
says "and followed" '.server.way | test("4533")'
says "everybody is counted" '.searches[0].total == 10 and .searches[1].total == 2'
says "the lock that disables is asked for" '.searches[0].inactive_by[0].test | test("nsAccountLock")'
says "members are looked up" '[.searches[1].entries[].first_members[]? | .is] | length > 0 and all(. == "person")'
misses_nothing "and nothing is missing"
lines_work

# The id by which entries are known is an operational attribute that must be allowed by its name.
printf 'replace: aci\naci: (targetattr!="nsUniqueId")(version 3.0; acl "reader"; allow (read,search,compare) userdn="ldap:///%s";)\n' \
	"$SLAPD_READER" | change "$SLAPD_SUFFIX" modify
look
finds "without the right to the id a reading would count for nothing" error 'no nsUniqueId'
printf 'delete: aci\n' | change "$SLAPD_SUFFIX" modify
look
finds "without any right the answer is empty" warning 'people: the answer is empty'

# As it comes, the plug-in that tells of changes is off.
ds389_stop
rm -rf "$WORLD/ldap" "$WORLD/out"
world_make_389 nosync
look
says "without the plug-in it is polled" '.server.way | test("polled")'
