#!/bin/sh
# SPDX-License-Identifier: ISC
# A changed mapping counts for everybody at once, though a directory tells those who come with a cookie of nobody.
. "$top_srcdir/tests/source/world.sh"

# everybody PATTERN: the line of each of the ten matches
everybody() { has_facts '^state ok complete=1' && [ "$(grep -cE "^person .*$1" "$WORLD/out/facts")" = 10 ]; }
mailed() { everybody ' [a-z]+@example.com$'; }

world_make
world_watch
expect "people are read as they are mapped" mailed
expect_facts "and followed from cookies" '^state ok .* cookies=2 '
world_leave

# The same again: from the cookies, and nobody is read anew.
world_watch
expect "the next daemon goes on" mailed
refute_log() { ! has_log "$2" || fail "$1"; }
refute_log "nothing changed" 'changed since the last reading'
world_leave

world_watch "attr_mail=title|description|=all@example.org"
expect "another attribute is taken for everybody at once" everybody ' all@example.org$'
expect_log "which is told of" 'attr_mail changed since the last reading: everything is read anew'
expect_facts "and followed as before" '^state ok .* cookies=2 '
expect_audit "and is a change of people, not somebody new" 'entry.change .*anna'
has_audit 'entry.(leave|remove)' && fail "somebody left meanwhile"
world_leave

world_watch
expect "and back" mailed
world_leave

# What disables people.
world_watch disabled=givenName=anna
expect_facts "a test that is new counts" '^person .*uid=anna,.* disabled$'
world_leave
world_watch
expect "and so does one that is gone" mailed
world_leave

# The shell of somebody who has one.
printf '%s\n' 'add: objectClass' 'objectClass: posixAccount' - 'add: uidNumber' 'uidNumber: 7' - 'add: gidNumber' 'gidNumber: 7' - \
	'add: homeDirectory' 'homeDirectory: /' - 'add: loginShell' 'loginShell: /usr/sbin/nologin' | change "uid=bert,$PEOPLE" modify
world_watch disabled=loginShell=/usr/sbin/nologin
expect_facts "a shell that lets nobody in disables" '^person .*uid=bert,.* disabled$'
refute_facts "nobody who has none" '^person .*uid=anna,.* disabled$'
printf 'replace: loginShell\nloginShell: /bin/sh\n' | change "uid=bert,$PEOPLE" modify
expect "and another one does not" mailed
world_leave

# One of several values, in whatever order the server has them.
printf 'replace: mail\nmail: zoe@example.com\nmail: anna@example.com\nmail: x400:anna@sub\n' | change "uid=anna,$PEOPLE" modify
world_watch
expect "of several values the first is taken" mailed
world_leave
world_watch 'attr_mail=${mail:like z*}|mail'
expect_facts "or the one that looks as it should" '^person .*uid=anna,.* zoe@example.com$'
expect_facts "and another one where none does" '^person .*uid=bert,.* bert@example.com$'
world_leave
world_watch 'attr_mail=${mail:like x400:(*)}|mail'
expect_facts "and no more of it than is wanted" '^person .*uid=anna,.* anna@sub$'
world_leave
world_watch 'attr_mail=${mail:all}'
expect_facts "or all of them" '^person .*uid=anna,.* anna@example.com, x400:anna@sub, zoe@example.com$'
world_leave

world_watch
expect "and the first again" mailed
world_leave

# How the server is reached decides nothing.
lines=$(grep -c 'changed since' "$WORLD/log")
world_watch operation_timeout=17s retry_cap=400ms
expect "options of the connection" mailed
[ "$(grep -c 'changed since' "$WORLD/log")" = "$lines" ] || fail "a timeout drops the cookies"
world_leave

# A mapping that nobody passes is held as any other loss.
world_watch "people_filter=(uid=nobody)"
expect_facts "a filter that nobody fits removes nobody" '^state suspect complete=0 .*10 of 1[0-9] entries would go'
[ "$(grep -c '^person ' "$WORLD/out/facts")" = 10 ] || fail "people are removed"
world_leave
world_watch
expect "and when it is put right all is well" mailed
world_leave

# Smaller changes go their way.
world_watch "people_filter=(&(objectClass=inetOrgPerson)(!(uid=anna)))"
expect "one who does not fit any more leaves" lacks_facts '^person .*uid=anna,'
world_leave
world_watch
expect "and comes again" mailed
world_leave

# The same where nothing is pushed.
world_watch vendor=generic poll_interval=1h
expect "where the directory is polled" mailed
world_leave
world_watch vendor=generic poll_interval=1h "attr_mail==all@example.org"
expect "the same" everybody ' all@example.org$'
world_leave || fail "the source does not end cleanly"
