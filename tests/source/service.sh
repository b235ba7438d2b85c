#!/bin/sh
# SPDX-License-Identifier: ISC
# A SCIM service of ours, a source that polls it, and the store behind it.
#
#   . "$top_srcdir/tests/source/service.sh"
#   fake_start [DIR], fake_end [DIR]
#                     the service, over the files in DIR, or $FAKE (see fake_scim.py); then FAKE_URL is its base URL
#   service_make      ten people and three groups in $FAKE, and an empty store
#   poll [OPTION...]  a fresh process reads the service; world_leave ends it
#
# The words of world.sh work as well.
. "$top_srcdir/tests/source/world.sh"
command -v python3 > /dev/null || { echo "SKIP: python3 is missing"; exit 77; }

FAKE=$WORLD/service
FAKE_DIRS= # of those that run

# fake_end [DIR]
fake_end() {
	fake_pid=$(cat "${1-$FAKE}/pid")
	rm "${1-$FAKE}/pid"
	kill "$fake_pid"
	wait "$fake_pid" 2> /dev/null
}
fake_end_all() {
	for fake_dir in $FAKE_DIRS; do
		[ ! -e "$fake_dir/pid" ] || fake_end "$fake_dir"
	done
}
trap 'service_status=$?; fake_end_all; (exit "$service_status"); world_end' EXIT

# fake_start [DIR]: for the second time on the same port
fake_start() {
	[ ! -e "${1-$FAKE}/port" ] || mv "${1-$FAKE}/port" "${1-$FAKE}/port_again"
	python3 "$top_srcdir/tests/source/fake_scim.py" "${1-$FAKE}" &
	echo $! > "${1-$FAKE}/pid"
	FAKE_DIRS="$FAKE_DIRS ${1-$FAKE}"
	expect "the service listens" test -s "${1-$FAKE}/port"
	FAKE_URL=http://127.0.0.1:$(cat "${1-$FAKE}/port")/scim/v2
}

# manners [WORD...]: how the service behaves from now on
manners() { echo "$*" | put manners; }

# person NAME [disabled], group NAME [MEMBER...]: a line of the service's
person() { echo "u-$1 $1 $1@example.com ${2-}"; }
group() {
	group_name=$1
	shift
	printf 'g-%s %s' "$group_name" "$group_name"
	[ $# -eq 0 ] || printf ' u-%s' "$@"
	echo
}

# A file is replaced as a whole, for it is read at any time.
put() { cat > "$FAKE/$1.new" && mv "$FAKE/$1.new" "$FAKE/$1"; }

# poll [OPTION=VALUE...]: a fresh process reads the service; what it shows there is in FAKE_PROOF
FAKE_PROOF=token=file:$FAKE/token
poll() {
	rm -f "$WORLD/out/facts"
	# shellcheck disable=SC2086 # options have no blanks
	"$top_builddir/tests/source/source_harness" "$WORLD/store" "$top_builddir/daemon/sourced/apiuserd-source" "$WORLD/out" \
		kind=scim "url=$FAKE_URL/" $FAKE_PROOF \
		retry_cap=300ms poll_interval=300ms confirm_after=200ms page_size=3 "$@" >> "$WORLD/log" 2>&1 &
	WORLD_PID=$!
}

# What the service's files say, in the words of the facts.
wanted() {
	awk '
	FILENAME ~ /people$/ && NF { known[$1] = 1; print "person", $1, $1, $3 ($4 == "disabled" ? " disabled" : "") }
	pass == 1 && NF { known[$1] = 1 }
	pass == 2 && NF {
		print "group", $1, $1
		for (i = 3; i <= NF; i++) print "member", $1, $i, ($i in known) ? "known" : "unknown"
	}' "$FAKE/people" pass=1 "$FAKE/groups" pass=2 "$FAKE/groups" | sort
}

is_polled() {
	has_facts '^state ok complete=1' || return 1
	wanted > "$WORLD/wanted"
	grep -vE '^state ' "$WORLD/out/facts" | sort > "$WORLD/held"
	diff "$WORLD/wanted" "$WORLD/held"
}

# settles NAME [OPTION...]: a fresh process comes to hold what the service has
settles() {
	settles_name=$1
	shift
	poll "$@"
	expect "$settles_name" is_polled
	world_leave || fail "the source does not end cleanly"
}

# mistrusts NAME PATTERN [OPTION...]: the state's text matches, and everybody stays
mistrusts() {
	mistrusts_name=$1
	mistrusts_pattern=$2
	shift 2
	poll "$@"
	expect_facts "$mistrusts_name is told as what it is" "^state (stale|quarantine).*text=.*$mistrusts_pattern"
	refute_facts "and removes nobody" 'entries=[0-9] '
	world_leave || fail "the source does not end cleanly"
}

everybody="anna berta carla dora emma finn greta hans ida jan"

# The store is empty, and ten people and three groups are there.
service_make() {
	mkdir "$WORLD/out" "$FAKE"
	: > "$WORLD/log"
	(umask 077 && echo a.token-of.the_tests > "$FAKE/token")
	for name in $everybody; do person "$name"; done | put people
	{
		group builders anna berta carla dora
		group readers emma
		group nobody
	} | put groups
	manners
}
