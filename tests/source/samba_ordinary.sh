#!/bin/sh
# SPDX-License-Identifier: ISC
# An Active Directory, followed with an account that has no rights: it is not told what is deleted, and finds it anyhow.
. "$top_srcdir/tests/source/world.sh"

world_make_ad
samba_account plain
world_log_in plain
world_watch poll_interval=1s
expect_same "everything is read"
expect_log "by DirSync too" ' is samba .*DirSync'
hire kate
expect_same "a person is added"
printf 'replace: mail\nmail: kate.new@example.com\n' | change "CN=kate,$PEOPLE" modify
expect_same "a person is changed"
member add builders kate
expect_same "a member is added"
member delete builders anna
expect_same "a member is removed"
printf 'newrdn: CN=bert\ndeleteoldrdn: 1\nnewsuperior: OU=machines,%s\n' "$SAMBA_SUFFIX" |
	change "CN=bert,$PEOPLE" modrdn
expect_same "who leaves the base is gone"
fire kate
expect_same "who is deleted is gone at the next count"
expect_audit "which is audited" '^ldap:corp entry.remove .*CN=kate'
change "CN=writers,$GROUPS_BASE" delete < /dev/null
expect_same "a group that is deleted is gone too"
refute_facts "no drift was found in all that" 'drift=[1-9]'

world_leave || fail "the source does not end cleanly"
fire jack
hire lena
world_watch poll_interval=1h
expect_same "who was deleted while nobody listened is gone at once"
refute_facts "no drift was found in that either" 'drift=[1-9]'
world_leave || fail "the source does not end cleanly"
