# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# Common part of the system tests: a real slapd, a Control Room simulator and apiuserd, all on loopback, all in a folder
# of their own, all ended by pid.  A test sources this file, sets what it wants otherwise, calls `system_start`, changes
# the directory and waits for what must follow.  The last line of a test is `pass`.
set -Eeuo pipefail
exec 9>&1 # what a failure says goes there, wherever a command's own output goes

: "${top_srcdir:?run by make check}" "${top_builddir:?run by make check}"
case ${SLAPD-no} in no) echo "SKIP: slapd is missing"; exit 77 ;; esac
for tool in ldapmodify ldapsearch openssl jq curl sqlite3; do
	command -v "$tool" >/dev/null || { echo "SKIP: $tool is missing"; exit 77; }
done

work=$(mktemp -d "${TMPDIR:-/tmp}/apiuserd-system-XXXXXX")
chmod 700 "$work"
deadline_s=${SYSTEM_DEADLINE-120} # generous: sanitizers, and a machine that others use too
declare -A pid_of=()

# What a test may set before system_start or write_config.
room_options=()
people_count=3          # uid=app-1 ... in the directory from the start
members_at_start='1'    # numbers of those that are in the group from the start
reconcile_options='interval = "1h";'
control_options=''
source_options='retry_cap = "500ms"; probe_interval = "2s"; confirm_after = "200ms";'
daemon_options='' more_sources='' more_rules='' # begin with a comma
target_options='observe_interval = "1h"; retry_cap = "500ms"; probe_interval = "1s";'
template_rights='roles = [ "AAE_Basic" ]; license_features = [ "RUNTIME" ];'

# ---- the frame of a test -------------------------------------------------------

say() { printf -- '-- %s\n' "$*"; }

die() {
	local log
	trap - ERR
	exec >&9
	echo "FAIL: $*"
	[ "$BASH_SUBSHELL" = 0 ] || exit 1 # the logs follow from above
	# slapd speaks at length of every request; what counts is whether it still does.
	[ ! -s "$work/slapd/slapd.log" ] || tail -n 3 "$work/slapd/slapd.log"
	for log in "$work"/room.log "$work"/room-requests.log "$work"/daemon.log; do
		[ -s "$log" ] || continue
		echo "==== the end of ${log##*/}"
		tail -n "${SYSTEM_LINES-30}" "$log"
	done
	exit 1
}

clean_up() {
	local name
	trap - EXIT ERR
	for name in "${!pid_of[@]}"; do kill -KILL "${pid_of[$name]}" 2>/dev/null || true; done
	slapd_kill || true
	wait 2>/dev/null || true
	ports_release "$work/ports"
	if [ -n "${SYSTEM_KEEP-}" ]; then echo "kept: $work"; else rm -rf "$work"; fi
}
trap clean_up EXIT
trap 'die "a command failed in line $LINENO: $BASH_COMMAND"' ERR
trap 'exit 130' INT TERM

pass() {
	local name
	[ -z "${pid_of[daemon]-}" ] || stop daemon
	for name in "${!pid_of[@]}"; do stop "$name"; done
	directory_stop
	no_sanitizer_report
	echo PASS
}

# A child of the daemon that a sanitizer ended would only look like one more restart.
no_sanitizer_report() {
	! grep -l -e 'AddressSanitizer' -e 'LeakSanitizer' -e 'runtime error:' "$work"/*.log || die "a sanitizer spoke"
}

# start NAME COMMAND...: in the background, output in NAME.log
start() {
	local name=$1
	shift
	"$@" >>"$work/$name.log" 2>&1 9>&- &
	pid_of[$name]=$!
}

# stop NAME: SIGTERM, and the exit status must be 0
stop() {
	local pid=${pid_of[$1]}
	unset "pid_of[$1]"
	kill -TERM "$pid" || die "$1 was not running"
	wait "$pid" || die "$1 ended with status $?"
}

# crash NAME: SIGKILL
crash() {
	local pid=${pid_of[$1]}
	unset "pid_of[$1]"
	kill -KILL "$pid" || die "$1 was not running"
	wait "$pid" 2>/dev/null || true
}

# wait_for WHAT COMMAND...: until the command succeeds
wait_for() {
	local what=$1 limit=$((SECONDS + deadline_s))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$limit" ] || die "waited $deadline_s s in vain: $what"
		sleep 0.05
	done
	say "$what"
}

# never WHAT SECONDS COMMAND...: the command must fail all that time
never() {
	local what=$1 limit=$((SECONDS + $2))
	shift 2
	while [ "$SECONDS" -lt "$limit" ]; do
		! "$@" >/dev/null 2>&1 || die "must never be: $what"
		sleep 0.1
	done
}

secret_file() { (umask 077; head -c 12 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n' | cut -c1-15 >"$1"); }

# shellcheck source=tests/system/port.sh
. "$top_srcdir/tests/system/port.sh"
# shellcheck source=tests/system/directory.sh
. "$top_srcdir/tests/system/directory.sh"
# shellcheck source=tests/system/room.sh
. "$top_srcdir/tests/system/room.sh"
# shellcheck source=tests/system/daemon.sh
. "$top_srcdir/tests/system/daemon.sh"
# shellcheck source=tests/system/store.sh
. "$top_srcdir/tests/system/store.sh"

system_start() {
	directory_start
	room_start
	write_config
	daemon_start
}
