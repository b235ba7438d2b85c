#!/bin/sh
# SPDX-License-Identifier: ISC
# Two servers of one OpenLDAP directory: what we know of one holds good with the other, unless that one is behind.
. "$top_srcdir/tests/source/world.sh"

REPLICA_PID=
replica_stop() {
	[ -n "$REPLICA_PID" ] || return 0
	kill "$REPLICA_PID"
	wait "$REPLICA_PID" 2> /dev/null
	REPLICA_PID=
}
trap 'status=$?; replica_stop; (exit $status); world_end' EXIT

# The first one's configuration with a database that follows it.
replica_make() {
	mkdir "$WORLD/ldap/replica"
	sed -e "s|/slapd.pid|/replica.pid|; s|$WORLD/ldap/db|$WORLD/ldap/replica|" -e "/^overlay syncprov/i \\
syncrepl rid=1 provider=$SLAPD_URL type=refreshAndPersist searchbase=$SLAPD_SUFFIX bindmethod=simple \\
  binddn=$SLAPD_ADMIN credentials=$(cat "$WORLD/ldap/admin-password") retry=\"1 +\" keepalive=1:1:1" \
		"$WORLD/ldap/slapd.conf" > "$WORLD/ldap/replica.conf"
	chmod 600 "$WORLD/ldap/replica.conf"
}

replica_runs() {
	slapd_run "$WORLD/ldap/replica.conf" "$WORLD/ldap/replica.log" "$REPLICA_URL/" && REPLICA_PID=$SLAPD_RUN_PID
}
replica_start() { expect "the second server runs" replica_runs; }
replica_start_somewhere() {
	REPLICA_URL=ldap://127.0.0.1:$(slapd_random_port)
	replica_runs
}

# knows NAME: the second one does
knows() {
	ldapsearch -x -LLL -H "$REPLICA_URL" -D "$SLAPD_READER" -y "$WORLD/ldap/password" -b "uid=$1,$PEOPLE" -s base 1.1
}

world_make
replica_make
expect "the second server runs" replica_start_somewhere
expect "the second server has everything" knows jack
watch() { world_watch "servers=$SLAPD_URL $REPLICA_URL"; }

watch
expect_same "everything is read from the first server"
hire kate
fire jack
expect_same "and followed"
expect "the second one knows" knows kate
slapd_kill
expect_log "the second server is asked when the first is gone" "$REPLICA_URL is openldap"
expect_facts "and goes on" '^state ok complete=1 entries=10 '
slapd_start_again
hire lena
expect_same "a change comes by the second server"
sqlite3 "$(find "$WORLD/store" -name apiuserd.db)" "SELECT text FROM reading ORDER BY num" > "$WORLD/readings"
[ "$(tail -n 2 "$WORLD/readings" | grep -c '"kind":"resume"')" -eq 2 ] || {
	cat "$WORLD/readings" >&2
	fail "the second server was read from the beginning"
}
echo "ok: which was not read from the beginning"
refute_facts "no drift was found" 'drift=[1-9]'
world_leave || fail "the source does not end cleanly"

watch
expect_same "the first server is asked again"
replica_stop
hire mona
expect_same "it tells what the second one, which is away, does not know"
slapd_kill
replica_start
expect_facts "a server that is behind is doubted" '^state suspect .*1 of 12 entries would go'
has_facts '^person .*uid=mona,' || fail "mona is removed"
slapd_start_again
expect "the second one catches up" knows mona
expect_same "and is believed again"
refute_audit "nobody was removed by that" 'entry.remove .*uid=mona'
world_leave || fail "the source does not end cleanly"
