#!/bin/sh
# SPDX-License-Identifier: ISC
# Random changes to a directory while everything that takes part is killed, again and again.  Needs world.sh.
#
#   crashes CYCLES      with people c0 to c39 coming, going, renamed and renamed back, in and out of a small and of a large
#                       group, and groups in one another; in the end the store holds what the directory holds
#
# A large group is one that churn_large NAMES... filled before.
#
# CRASH_SEED repeats a row of changes; CRASH_CYCLES overrules their number, which is 200 when SYSTEM_LONG is set.

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

# churn_large NAME...: a group of these people, and a group within which it lies
churn_large() {
	{
		printf 'dn: cn=crowd,%s\nobjectClass: groupOfNames\ncn: crowd\n' "$GROUPS_BASE"
		for churn_name; do printf 'member: uid=%s,%s\n' "$churn_name" "$PEOPLE"; done
		printf '\n'
	}
}

# churn_member add|delete GROUP MEMBER-DN
churn_member() {
	printf 'dn: cn=%s,%s\nchangetype: modify\n%s: member\nmember: %s\n\n' "$2" "$GROUPS_BASE" "$1" "$3"
}

# churn_rename FROM TO
churn_rename() {
	printf 'dn: uid=%s,%s\nchangetype: modrdn\nnewrdn: uid=%s\ndeleteoldrdn: 1\n\n' "$1" "$PEOPLE" "$2"
}

# A few changes, any of which may not fit what is there.
churn() {
	for churn_step in 1 2 3 4 5 6; do
		random 40
		churn_uid=uid=c$RANDOM_NUMBER,$PEOPLE
		churn_name=c$RANDOM_NUMBER
		random 12
		case $RANDOM_NUMBER in
		0 | 1) slapd_person "$churn_name" | sed '/^dn: /a changetype: add' ;;
		2) printf 'dn: %s\nchangetype: delete\n\n' "$churn_uid" ;;
		3) printf 'dn: %s\nchangetype: modify\nreplace: mail\nmail: %s.%s@example.com\n\n' "$churn_uid" "$churn_name" \
			"$SEED" ;;
		4) churn_member add builders "$churn_uid" ;;
		5) churn_member delete builders "$churn_uid" ;;
		6) churn_member add crowd "$churn_uid" ;;
		7) churn_member delete crowd "$churn_uid" ;;
		8) churn_rename "$churn_name" "$churn_name-r" ;;
		9) churn_rename "$churn_name-r" "$churn_name" ;;
		10) churn_member add writers "cn=builders,$GROUPS_BASE" ;;
		11) churn_member delete writers "cn=builders,$GROUPS_BASE" ;;
		esac
	done > "$WORLD/churn.ldif"
	ldapmodify -c -x -H "$WORLD_URL" -D "$SLAPD_ADMIN" -y "$WORLD/ldap/admin-password" -f "$WORLD/churn.ldif" \
		> /dev/null 2>&1
}

# So many changes are no mishap here.
churn_watch() { world_watch removals_few=1000000; }

crashes() {
	CYCLES=${CRASH_CYCLES-$([ -n "${SYSTEM_LONG-}" ] && echo 200 || echo "$1")}
	churn_watch
	for cycle in $(seq "$CYCLES"); do
		churn
		pause
		helper=$(cat "$WORLD/out/pid" 2> /dev/null)
		[ "${helper:-0}" -eq 0 ] || kill -KILL "$helper" 2> /dev/null
		if [ $((cycle % 8)) -eq 0 ]; then
			"${WORLD_SERVER}_kill"
			"${WORLD_SERVER}_start_again"
		fi
		if [ $((cycle % 6)) -eq 0 ]; then
			kill -KILL "$WORLD_PID"
			wait "$WORLD_PID" 2> /dev/null
			churn_watch
		fi
		churn
		pause
	done
	expect_facts "the directory is followed again" '^state ok complete=1'
	kill -USR2 "$WORLD_PID"
	expect_same "after $CYCLES crashes the store holds what the directory holds"
	world_leave || fail "the source does not end cleanly"
}
