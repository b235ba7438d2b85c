#!/bin/sh
# SPDX-License-Identifier: ISC
# What a directory keeps from those who follow it is found by reading everything again.
. "$top_srcdir/tests/source/world.sh"

world_make refint
slapd_stop
slapd_backup > "$WORLD/early.ldif"
slapd_start_again
world_watch
expect_same "everything is read"
hire kate
expect_same "and followed"
world_leave

# A backup that is older than what we know: slapd says so.
slapd_stop
slapd_backup > "$WORLD/late.ldif"
slapd_restore < "$WORLD/early.ldif"
slapd_start_again
world_watch
expect_facts "a directory restored from a backup is doubted" '^state suspect complete=0 .*1 of 11 entries would go'
has_facts '^person .*uid=kate' || fail "kate is removed"
world_leave
world_watch
expect_facts "also by the next daemon" '^state suspect complete=0 .*1 of 11 entries would go'
kill -USR2 "$WORLD_PID"
expect_same "until a person says that it is right"
world_leave

# An entry that is lost while nothing else changes: nothing tells.
slapd_stop
slapd_restore < "$WORLD/late.ldif"
slapd_start_again
world_watch
expect_same "the newer one is read"
hire zoe
expect_same "and followed"
world_leave
slapd_stop
slapd_backup > "$WORLD/late.ldif"
awk 'BEGIN { RS = ""; ORS = "\n\n" } !/^dn: uid=anna,/' "$WORLD/late.ldif" | sed '/^member: uid=anna,/d' > "$WORLD/less.ldif"
slapd_restore < "$WORLD/less.ldif"
slapd_start_again
world_watch
expect_facts "the directory says that nothing changed" '^state ok complete=1'
has_facts '^person .*uid=anna' || fail "the test shows nothing: the loss was told"
world_leave
world_watch full_compare=1s
expect_facts "a full compare finds who is gone" '^state ok complete=1 entries=11 .*drift=[12] '
expect_same "and the store is right again"
expect_audit "which is audited" 'source.drift corp .*"people".*"differences":1'

# Changes that are pushed while everything is compared do no harm; a comparison that outruns the push may count them.
for name in lena mark nina otto; do
	hire "$name"
	member add builders "$name"
	rename "$name" "$name-x"
	fire "$name-x"
done
expect_same "changes in the middle of comparing are followed"
sleep 2
expect_same "and stay"
world_leave || fail "the source does not end cleanly"
