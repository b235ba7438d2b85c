#!/bin/sh
# SPDX-License-Identifier: ISC
# Killed at any moment, helper, daemon or directory: in the end the store holds what the directory holds.  A slapd that is
# killed forgets deletes that its last change number does not tell of; only reading everything again finds these.
# CRASH_CYCLES says how often (default 24, 200 when SYSTEM_LONG is set), CRASH_SEED which way.
. "$top_srcdir/tests/source/world.sh"

CYCLES=${CRASH_CYCLES-$([ -n "${SYSTEM_LONG-}" ] && echo 200 || echo 24)}
SEED=${CRASH_SEED:-$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')}
echo "CRASH_SEED=$SEED"

# random BELOW: the next of a row of numbers that the seed decides
random() {
	SEED=$(((SEED * 1103515245 + 12345) % 2147483648))
	RANDOM_NUMBER=$((SEED / 65536 % $1))
}

pause() {
	random 30
	sleep "$(printf '0.%02d' "$RANDOM_NUMBER")"
}

# A few changes, any of which may not fit what is there.
churn() {
	for churn_step in 1 2 3 4 5 6; do
		random 40
		churn_uid=uid=c$RANDOM_NUMBER,$PEOPLE
		churn_name=c$RANDOM_NUMBER
		random 6
		case $RANDOM_NUMBER in
		0 | 1) slapd_person "$churn_name" | sed '/^dn: /a changetype: add' ;;
		2) printf 'dn: %s\nchangetype: delete\n\n' "$churn_uid" ;;
		3) printf 'dn: %s\nchangetype: modify\nreplace: mail\nmail: %s.%s@example.com\n\n' "$churn_uid" "$churn_name" \
			"$SEED" ;;
		4) printf 'dn: cn=builders,%s\nchangetype: modify\nadd: member\nmember: %s\n\n' "$GROUPS_BASE" "$churn_uid" ;;
		5) printf 'dn: cn=builders,%s\nchangetype: modify\ndelete: member\nmember: %s\n\n' "$GROUPS_BASE" \
			"$churn_uid" ;;
		esac
	done > "$WORLD/churn.ldif"
	ldapmodify -c -x -H "$SLAPD_URL" -D "$SLAPD_ADMIN" -y "$WORLD/ldap/admin-password" -f "$WORLD/churn.ldif" \
		> /dev/null 2>&1
}

# So many changes are no mishap here.
watch() { world_watch removals_few=1000000; }

# Enough people that a reading takes a while.
world_make
slapd_stop
for number in $(seq 1500); do slapd_person "p$number"; done | slapd_load
slapd_start_again
watch

for cycle in $(seq "$CYCLES"); do
	churn
	pause
	helper=$(cat "$WORLD/out/pid" 2> /dev/null)
	[ "${helper:-0}" -eq 0 ] || kill -KILL "$helper" 2> /dev/null
	if [ $((cycle % 8)) -eq 0 ]; then
		slapd_kill
		slapd_start_again
	fi
	if [ $((cycle % 6)) -eq 0 ]; then
		kill -KILL "$WORLD_PID"
		wait "$WORLD_PID" 2> /dev/null
		watch
	fi
	churn
	pause
done
expect_facts "the directory is followed again" '^state ok complete=1'
kill -USR2 "$WORLD_PID"
expect_same "after $CYCLES crashes the store holds what the directory holds"
world_leave || fail "the source does not end cleanly"
