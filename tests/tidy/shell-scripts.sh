#!/bin/sh
# SPDX-License-Identifier: ISC
# Every shell script passes shellcheck.  Not told there: what the environment of tests sets (SC2154), what a library that
# is read by others is (SC1090, SC1091, SC2120, SC2148), loop counters (SC2034), and -nt, which dash has (SC3013).
set -eu
command -v shellcheck >/dev/null || { echo "shellcheck is missing"; exit 77; }
scripts=$(mktemp)
trap 'rm -f "$scripts"' EXIT
find "$top_srcdir/autogen.sh" "$top_srcdir/.ci" "$top_srcdir/conf" "$top_srcdir/plugins" "$top_srcdir/tests" \
	-name '*.sh' -o -path '*/.ci/run' >"$scripts"
[ "$(wc -l <"$scripts")" -ge 10 ] || { echo "hardly any script found"; exit 1; }
xargs shellcheck --severity=warning --exclude=SC2154,SC1090,SC1091,SC2120,SC2148,SC2034,SC3013 <"$scripts"
