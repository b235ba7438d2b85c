#!/bin/sh
# SPDX-License-Identifier: ISC
# No two objects of the daemon define one global name: static libraries would let the first one win without a word.
set -eu
cd "${top_builddir:-.}"
# Objects that are part of their folder's library now; what an older build left lying about does not count.
objects=$(for library in daemon/*/.libs/lib*.a; do
	folder=${library%/*}
	case $folder in daemon/sourced/* | daemon/targetd/* | daemon/ctl/*) continue ;; esac
	for object in $(ar t "$library"); do
		[ ! -e "$folder/$object" ] || echo "$folder/$object"
	done
done | sort -u)
[ -n "$objects" ] || {
	echo "no objects found: the check is broken"
	exit 1
}
# shellcheck disable=SC2086 # one word per object
twice=$(nm -A --defined-only $objects | awk '$2 ~ /^[TDRB]$/ && $NF ~ /^au_/ { count[$NF]++; where[$NF] = where[$NF] " " $1 }
	END { for (name in count) if (count[name] > 1) print name ":" where[name] }')
[ -z "$twice" ] || {
	echo "defined more than once:"
	echo "$twice"
	exit 1
}
