# SPDX-License-Identifier: ISC
# shellcheck shell=bash disable=SC2154 # lib.sh sets what is used here
# Products that have screens and no calls, and the person who does the work orders about them.  Sourced after lib.sh.

consoles=$top_srcdir/tests/sim/consoles
declare -A console_right=([iris-hr]=set-rights [movius]='API Users') # what somebody needs there
: >"$work/shown"

console_start() { # NAME
	start "console-$1" python3 -B "$consoles/consoles.py" "$1" --port-file "$work/$1.port"
	wait_for "the screens of $1 are there" test -s "$work/$1.port"
}
at() { echo "http://127.0.0.1:$(cat "$work/$1.port")"; }
state() { curl -sf --noproxy '*' "$(at "$1")/__sim/state"; }
user_of() { state "$1" | jq -ce ".users[] | select(.name == \"$2\" or .mail == \"$2@apps.example\")"; }

# order TARGET LOGIN: the one that waits for somebody
order() { ctl --json work list --state all | jq -re "[.orders[] | select(.target == \"$1\" and .login == \"$2\" and .state == \"open\")] | .[0].id // empty"; }

# follow ORDER CONSOLE: to the letter; what is to be told is in $work/report
follow() {
	ctl --json work show "$1" | jq -e .text >"$work/order"
	python3 -B "$consoles/follow.py" "$(at "$2")" --right "${console_right[$2]}" <"$work/order" >"$work/report" 2>"$work/stuck"
}

# tell ORDER: that it is done, with what the product has shown
tell() {
	local args=()
	! jq -e .id "$work/report" >/dev/null || args+=(--id "$(jq -r .id "$work/report")")
	if jq -e .secret "$work/report" >/dev/null; then
		(umask 077 && jq -r .secret "$work/report" | tee -a "$work/all-shown" >"$work/shown")
		args+=(--secret-fd 3)
	fi
	ctl work complete "$1" "${args[@]}" 3<"$work/shown" >"$work/said" 2>&1 || die "work complete: $(cat "$work/said")"
	rm -f "$work/report"
}

# do_order TARGET LOGIN CONSOLE: follow it, and say that it is done
do_order() {
	local id
	wait_for "an order for $2 in $1" order "$1" "$2"
	id=$(order "$1" "$2")
	follow "$id" "$3" || die "the order cannot be followed: $(cat "$work/stuck")"
	tell "$id"
	grep -q 'not verified' "$work/said" || die "too much is claimed: $(cat "$work/said")"
}
