#!/bin/bash
# SPDX-License-Identifier: ISC
# I16: after kill -9 at any moment no password is lost unnoticed, and no account is created twice.
# kill -9 of each of the three processes, and now and then of directory and product, at random moments under traffic.
# At the end directory, SCIM client, store and product agree: nothing lost, nothing created twice, nothing without its
# audit row.  CRASH_CYCLES says how often (default 8, 200 when SYSTEM_LONG is set), CRASH_SEED which way.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

cycles=${CRASH_CYCLES-$([ -n "${SYSTEM_LONG-}" ] && echo 200 || echo 8)}
seed=${CRASH_SEED-$RANDOM}
RANDOM=$seed
echo "$cycles cycles, CRASH_SEED=$seed"
people_count=40
members_at_start='1 2 3'
deadline_s=$((deadline_s * 2))
reconcile_options='interval = "5s"; guard_count = 1000000; guard_percent = 100; retry_failed = "1s";'
target_options='observe_interval = "5s"; retry_cap = "200ms"; probe_interval = "1s";'
source_options='retry_cap = "200ms"; probe_interval = "2s"; confirm_after = "200ms"; removals_few = 1000000;'
room_options=(--latency 5)
system_start
scim_client okta
wait_for "the start state" same_as_directory

# One change of the directory; joining twice or leaving twice is refused by slapd, which is as good.
traffic() {
	local number=$((1 + RANDOM % people_count))
	case $((RANDOM % 5)) in
	0 | 1 | 2) join "$number" ;;
	3) leave "$number" ;;
	4) printf 'dn: uid=app-%d,%s\nchangetype: modify\nreplace: sn\nsn: Number %d\n' "$number" "$people" "$RANDOM" | change ;;
	esac 2>/dev/null || true
}

# A push; its name is noted once the answer says that it is stored.
push() {
	local name=push-$1
	scim_try POST /Users "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"$name\",\"active\":true,
		\"emails\":[{\"value\":\"$name@apps.example\",\"primary\":true}]}" >/dev/null || return 0
	[ "$(cat "$work/scim.status")" != 201 ] || echo "$name" >>"$work/stored"
}

trouble() {
	local kinds=('"do": "drop-after-commit"' '"do": "status", "status": 503' '"do": "reset"' '"do": "truncate"' '"do": "delay", "ms": 300')
	room_fault "{\"match\": {\"method\": \"POST\", \"path\": \"/v1/usermanagement/users\"}, ${kinds[RANDOM % 5]}}"
}

declare -A struck=([daemon]=0 [source]=0 [target]=0 [directory]=0 [room]=0)
strike() {
	local what=${kinds_of_strike[RANDOM % ${#kinds_of_strike[@]}]} child
	case $what in
	daemon)
		crash daemon
		start daemon "$top_builddir/daemon/main/apiuserd" -f "$work/apiuserd.conf"
		;;
	directory) directory_crash && directory_start ;;
	room) crash room && room_start >/dev/null ;;
	*) child=$(child_of_daemon "apiuserd-$what" 2>/dev/null) && kill -KILL "$child" || return 0 ;; # it is just being started
	esac
	struck[$what]=$((struck[$what] + 1))
}
kinds_of_strike=(daemon daemon source source target target directory room)

for ((cycle = 1; cycle <= cycles; cycle++)); do
	for _ in 1 2 3; do traffic; done
	push "$cycle"
	[ $((RANDOM % 4)) != 0 ] || trouble
	sleep "0.$((RANDOM % 10))$((RANDOM % 10))"
	kill -0 "${pid_of[daemon]}" 2>/dev/null || die "cycle $cycle: the daemon ended by itself"
	strike
	traffic
done
for what in "${!struck[@]}"; do echo "killed $what ${struck[$what]} times"; done
room_sim DELETE fault >/dev/null
wait_for "apiuserd answers" daemon_answers
wait_for "directory and product agree" same_as_directory

all_pushes_are_there() {
	[ "$(room_sim GET state | jq -r '.users[] | select(.disabled | not) | .username' | grep -cxFf "$work/stored")" = "$(wc -l <"$work/stored")" ]
}
[ -s "$work/stored" ] || die "no push was ever stored"
wait_for "every push that was answered is in the product ($(wc -l <"$work/stored"))" all_pushes_are_there
wait_for "the queue is empty" store_is_settled
same_as_directory || die "product and directory differ after all"
wait_for "the store agrees with the product" store_agrees
room_sim GET state >"$work/room.json"
jq -e '[.created | to_entries[] | select(.value != 1)] | length == 0' "$work/room.json" >/dev/null ||
	die "created more than once: $(jq -c '[.created | to_entries[] | select(.value != 1)]' "$work/room.json")"
jq -e '[.users[] | select(.id != 1 and (.disabled | not)) | select([.roles[].name] != ["AAE_Basic"] or .licenseFeatures != ["RUNTIME"])] | length == 0' \
	"$work/room.json" >/dev/null || die "an account has other rights than its template"
every_change_is_audited
count=0
for name in $(jq -r '.users[] | select(.id != 1) | .username' "$work/room.json"); do
	ctl secret take --force "$name" control-room >"$work/taken" || die "nobody has the password of $name"
	room_password_fits "$name" <"$work/taken" || die "the sealed password of $name is not the account's"
	count=$((count + 1))
done
say "the sealed password of each of $count accounts is the right one"
pass
