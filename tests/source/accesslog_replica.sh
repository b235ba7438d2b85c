#!/bin/sh
# SPDX-License-Identifier: ISC
# Two servers of one OpenLDAP directory, each with a log of changes of its own: a large group is followed by the log of the
# server in use, nothing of the other's is taken for it, and nothing is lost when the server changes.
. "$top_srcdir/tests/source/world.sh"

REPLICA_PID=
replica_stop() {
	[ -n "$REPLICA_PID" ] || return 0
	kill "$REPLICA_PID"
	wait "$REPLICA_PID" 2> /dev/null
	REPLICA_PID=
}
trap 'status=$?; replica_stop; (exit $status); world_end' EXIT

# The first one's configuration, with databases that follow it and a log of what comes that way.
replica_make() {
	mkdir "$WORLD/ldap/replica" "$WORLD/ldap/replica-log"
	sed -e "s|/slapd.pid|/replica.pid|; s|$WORLD/ldap/db|$WORLD/ldap/replica|; s|$WORLD/ldap/log\$|$WORLD/ldap/replica-log|" \
		-e "/^suffix $SLAPD_SUFFIX/,\$ { /^overlay syncprov/i \\
syncrepl rid=1 provider=$SLAPD_URL type=refreshAndPersist searchbase=$SLAPD_SUFFIX bindmethod=simple \\
  binddn=$SLAPD_ADMIN credentials=$(cat "$WORLD/ldap/admin-password") retry=\"1 +\" keepalive=1:1:1
}" "$WORLD/ldap/slapd.conf" > "$WORLD/ldap/replica.conf"
	chmod 600 "$WORLD/ldap/replica.conf"
}
replica_runs() {
	REPLICA_URL=ldap://127.0.0.1:$(slapd_random_port)
	slapd_run "$WORLD/ldap/replica.conf" "$WORLD/ldap/replica.log" "$REPLICA_URL/" && REPLICA_PID=$SLAPD_RUN_PID
}
ask_replica() { ldapsearch -x -LLL -H "$REPLICA_URL" -D "$SLAPD_READER" -y "$WORLD/ldap/password" "$@"; }
# knows NAME: the second one calls him a member
knows() { ask_replica -b "cn=crowd,$GROUPS_BASE" -s base "(member=uid=$1,$PEOPLE)" 1.1 | grep dn:; }
has_logged() { ask_replica -b cn=accesslog "(reqMod=*$1,*)" 1.1 | grep dn:; }

world_make accesslog
replica_make
expect "the second server runs" replica_runs
{
	printf 'objectClass: groupOfNames\ncn: crowd\n'
	awk -v people="$PEOPLE" 'BEGIN { for (i = 0; i < 700; i++) printf "member: uid=stranger%d,%s\n", i, people }'
} | change "cn=crowd,$GROUPS_BASE" add
hire kate
expect "which has everything" knows stranger699

watch() { world_watch accesslog_from=500 removals_few=1000000 "servers=$SLAPD_URL $REPLICA_URL" "$@"; }
watch
expect_same "a large group is read at the first server"
expect_log "whose log is followed" 'info .*accesslog: in use for large groups"'
member add crowd kate
expect_same "a member joins"
expect "of which the second server's log tells, too" has_logged kate

: > "$WORLD/log"
slapd_kill
expect_log "the second server is asked when the first is gone" "$REPLICA_URL is openldap"
slapd_start_again
member delete crowd kate
member delete crowd stranger7
expect_same "changes come by the second server"
member add crowd kate
expect_same "and go on coming"
expect_log "whose own log is followed" 'accesslog: in use'
refute_facts "no drift was found" 'drift=[1-9]'

: > "$WORLD/log"
kill -KILL "$REPLICA_PID"
wait "$REPLICA_PID" 2> /dev/null
REPLICA_PID=
member delete crowd stranger8
expect_log "back at the first server" "$SLAPD_URL is openldap"
expect_same "what happened meanwhile is found"
member delete crowd kate
expect_same "and its log goes on"
refute_facts "without drift" 'drift=[1-9]'
world_leave || fail "the source does not end cleanly"
