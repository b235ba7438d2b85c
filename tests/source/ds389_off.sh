#!/bin/sh
# SPDX-License-Identifier: ISC
# A 389-DS whose plug-in for RFC 4533 is off, as it comes: it is polled, and known by the same ids.
. "$top_srcdir/tests/source/world.sh"

world_make_389 nosync
world_watch poll_interval=1s
expect_same "everything is read"
expect_log "it is told that the directory is polled" ' is 389ds .*: polled'
hire kate
expect_same "a person is added"
member add builders kate
expect_same "a member is added"
rename kate kitty
expect_same "a rename is followed"
fire kitty
expect_same "a person is removed"
grep '^person ' "$WORLD/out/facts" > "$WORLD/polled"
world_leave || fail "the source does not end cleanly"

{
	printf 'dn: cn=Retro Changelog Plugin,cn=plugins,cn=config\nchangetype: modify\n'
	printf 'replace: nsslapd-pluginEnabled\nnsslapd-pluginEnabled: on\n\n'
	printf 'dn: cn=Content Synchronization,cn=plugins,cn=config\nchangetype: modify\n'
	printf 'replace: nsslapd-pluginEnabled\nnsslapd-pluginEnabled: on\n\n'
} | ds389_modify
ds389_stop
ds389_start_again
world_watch
expect_same "with the plug-in on everybody is still the same"
expect_log "and the directory is followed" ' is 389ds .*RFC 4533'
grep '^person ' "$WORLD/out/facts" | diff "$WORLD/polled" - || fail "ids changed"
hire kate
expect_same "which it really is"
world_leave || fail "the source does not end cleanly"
