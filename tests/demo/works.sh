#!/bin/bash
# SPDX-License-Identifier: ISC
# The demonstration comes to its end by itself, and what the first page of the README shows of it is what it shows.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
set -euo pipefail
case ${SLAPD-no} in no) echo "SKIP: slapd is missing"; exit 77 ;; esac
for tool in ldapmodify jq curl column python3; do
	command -v "$tool" >/dev/null || { echo "SKIP: $tool is missing"; exit 77; }
done
work=$(mktemp -d "${TMPDIR:-/tmp}/apiuserd-demo-test-XXXXXX")
trap 'rm -rf "$work"' EXIT

TMPDIR=$work DEMO_DEADLINE=120 bash "$top_srcdir/tests/demo/demo.sh" >"$work/out" 2>"$work/err" || {
	tail -n 40 "$work/out" "$work/err"
	exit 1
}
! grep -e AddressSanitizer -e LeakSanitizer -e 'runtime error' "$work/err" || exit 1
[ "$(find "$work" -mindepth 1 -maxdepth 1 | wc -l)" = 2 ] || { echo "something is left behind:"; ls "$work"; exit 1; }

# Numbers and the width of columns are other ones each time.
plain() { sed -e 's/ ([0-9]* ms)$//' -e 's/[0-9][0-9]*/N/g' -e 's/  */ /g'; }
plain <"$work/out" | sort -u >"$work/shown"
sed -n '/^2\. Two applications/,/^```$/p' "$top_srcdir/README.md" | grep -v -e '^```' -e '…' -e '^$' | plain | sort -u >"$work/told"
[ "$(wc -l <"$work/told")" -ge 20 ] || { echo "the README tells nothing of it"; exit 1; }
comm -13 "$work/shown" "$work/told" >"$work/untrue"
[ ! -s "$work/untrue" ] || { echo "the README tells of it what is not so:"; cat "$work/untrue"; exit 1; }
echo PASS
