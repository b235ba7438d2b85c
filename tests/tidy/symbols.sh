#!/bin/sh
# SPDX-License-Identifier: ISC
# No two objects of the daemon define one global name: static libraries would let the first one win without a word.
set -eu
cd "${top_builddir:-.}"
objects=$(find daemon -name '*.o' -path '*/.libs/*' ! -path '*.lax/*' ! -path 'daemon/sourced/*' ! -path 'daemon/targetd/*' \
	! -path 'daemon/ctl/*')
[ -n "$objects" ] || {
	echo "no objects found: the check is broken"
	exit 1
}
# shellcheck disable=SC2086 # one word per object
twice=$(nm -A --defined-only $objects | awk '$2 ~ /^[TDRB]$/ || $3 ~ /^[TDRB]$/ { name = $NF; if (name ~ /^au_/) { count[name]++; where[name] = where[name] " " $1 } }
	END { for (name in count) if (count[name] > 1) print name ":" where[name] }')
[ -z "$twice" ] || {
	echo "defined more than once:"
	echo "$twice"
	exit 1
}
