#!/bin/sh
# SPDX-License-Identifier: ISC
# What an Active Directory allows an account, and where OpenLDAP's log of changes is, as a person is told before anything
# is read.
. "$top_srcdir/tests/source/world.sh"
. "$top_srcdir/tests/source/look.sh"

world_make_ad
samba_account plain
look
says "Samba's Active Directory is known, and by what" '.server | .vendor == "samba" and (.vendor_why | test("Samba"))'
says "and followed by DirSync" '.server.way | test("DirSync")'
says "everybody is counted" '.searches[0].total == 10 and .searches[1].total == 2'
says "the bit that disables is asked for" '.searches[0].inactive_by[0].test | test("userAccountControl")'
says "members are looked up" '[.searches[1].entries[].first_members[]? | .is] | length > 0 and all(. == "person")'
misses_nothing "an account with the rights misses nothing"
lines_work
world_log_in plain
look
finds "one without is told which" warning 'DS-Replication-Get-Changes'
