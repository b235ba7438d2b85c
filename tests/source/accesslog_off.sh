#!/bin/sh
# SPDX-License-Identifier: ISC
# A log of changes that cannot be read, lacks something or forgets too soon: large groups are read as a whole, which is
# said once, and nothing is lost.
. "$top_srcdir/tests/source/world.sh"
. "$top_srcdir/tests/source/proxy.sh"

CROWD=700

# begin WORD...: a directory with a large group, of another kind than before
begin() {
	if [ -n "$WORLD_PID" ]; then
		world_leave || fail "the source does not end cleanly"
		slapd_stop
		rm -rf "$WORLD/ldap" "$WORLD/store"* "$WORLD/out"
	fi
	world_make "$@"
	{
		printf 'objectClass: groupOfNames\ncn: crowd\n'
		awk -v n=$CROWD -v people="$PEOPLE" \
			'BEGIN { for (i = 0; i < n; i++) printf "member: uid=stranger%d,%s\n", i, people }'
	} | change "cn=crowd,$GROUPS_BASE" add
	hire kate
}
watch() { world_watch accesslog_from=500 "$@"; }

# said_once NAME PATTERN: it was logged, and is not logged again
said_once() {
	expect_log "$1" "$2"
	sleep 1
	[ "$(grep -cE -e "$2" "$WORLD/log")" -eq 1 ] || fail "$1: it was said more than once"
}

# changes NAME: who joins and leaves, stranger $2 for one, is followed all the same
changes() {
	member add crowd kate
	expect_same "$1: a member joins"
	member delete crowd "stranger$2"
	expect_same "$1: a member leaves"
	member delete crowd kate
	expect_same "$1: and the other"
}

begin
watch
expect_same "a large group of a server without a log is read"
said_once "which is said" 'warning .*accesslog: not used.*auditContext'
changes "no log" 1

begin accesslog
watch accesslog_from=0
expect_same "without accesslog_from a log is not used"
changes "no threshold" 1
! grep 'SRCH base="cn=accesslog' "$WORLD/ldap/slapd.log" || fail "the log is looked at"

begin accesslog
watch accesslog=cn=elsewhere
expect_same "a log that is elsewhere"
said_once "is told of" "warning .*accesslog: not used.*'cn=elsewhere' cannot be read"
changes "elsewhere" 1

begin accesslog
slapd_stop
slapd_log_access 'access to * by * none'
slapd_start_again
watch
expect_same "a log that we may not read"
said_once "is told of" "warning .*accesslog: not used.*'cn=accesslog' cannot be read"
changes "no rights" 1
slapd_stop
slapd_log_access
slapd_start_again
expect_log "and is used when we may" 'info .*accesslog: in use for large groups"'
changes "rights" 2

# Looked at before any group was large: what nobody wanted to know then is told when somebody does.
begin accesslog
slapd_stop
slapd_log_access 'access to * by * none'
slapd_start_again
watch accesslog_from=701
expect_same "a log that we may not read, and do not need"
sleep 1
! grep 'accesslog: not used' "$WORLD/log" || fail "a log that is not needed is told of"
member add crowd kate
expect_same "the group grows"
said_once "is told of when it is needed" "warning .*accesslog: not used.*'cn=accesslog' cannot be read"

begin accesslog
slapd_stop
slapd_log_access 'access to attrs=reqEntryUUID by * none'
slapd_start_again
member add crowd kate
member delete crowd kate
watch
expect_same "a log of which we may not read all"
said_once "is told of" 'warning .*accesslog: not used.*without a reqEntryUUID'
changes "no ids" 1

begin accesslog adds
watch
expect_log "a log that lacks changes is followed" 'info .*accesslog: in use for large groups"'
changes "adds only" 1
said_once "until it is seen to lack them" 'warning .*accesslog: not used.*it lacks changes'
changes "adds only" 2

# Nobody listens while records are written and purged.
begin accesslog purge
member delete crowd stranger0
watch
expect_log "a log that forgets is followed" 'info .*accesslog: in use for large groups"'
changes "forgetful" 1
port=$SLAPD_PORT tls_port=$SLAPD_TLS_PORT
slapd_stop
slapd_start
member delete crowd stranger2
is_purged() { ! ldapsearch -x -LLL -H "$SLAPD_URL" -D "$SLAPD_READER" -y "$WORLD/ldap/password" -b cn=accesslog \
	"(reqMod=*stranger2,*)" 1.1 | grep dn:; }
expect "a record is purged" is_purged
member delete crowd stranger3
slapd_stop
SLAPD_PORT=$port SLAPD_TLS_PORT=$tls_port
slapd_start_again
expect_same "what was purged is read"
expect_log "and told of" 'warning .*accesslog: in use .*read once more .*does not reach back'
changes "forgetful" 4

begin accesslog
# Nothing is wrong with this way but that it ends.
proxy half
fault_off
watch "servers=ldap://127.0.0.1:$PROXY_PORT $SLAPD_URL"
expect_log "the log is followed by it" 'info .*accesslog: in use for large groups"'
changes "first server" 1
proxy_end
expect_log "another server is asked" "$SLAPD_URL is openldap"
changes "second server" 2
expect_log "whose log is another one" "warning .*accesslog: in use .*another server's log"
refute_facts "no drift was found" 'drift=[1-9]'
world_leave || fail "the source does not end cleanly"
