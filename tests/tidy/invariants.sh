#!/bin/sh
# SPDX-License-Identifier: ISC
# Every invariant has tests that name it, and every test that names one is listed.
set -eu
cd "$top_srcdir"
bad=0 seen=0
list=tests/invariants.txt
while IFS='|' read -r number sentence files; do
	case $number in '#'*) continue ;; esac
	number=${number% } seen=$((seen + 1))
	[ "$number" = "I$seen" ] || { echo "$list: $number stands where I$seen is expected"; bad=1; }
	[ -n "$sentence" ] && [ -n "$files" ] || { echo "$list: $number: no sentence or no test"; bad=1; }
	for file in $files; do
		grep -qE "(^|[^A-Za-z0-9])$number([:,]| \*/| and )" "$file" || { echo "$file: does not name $number"; bad=1; }
	done
done < $list
for found in $(grep -roE '(#|\*|, )I[0-9]+:|(#|/\*) I[0-9]+[:,]' tests --include='*.c' --include='*.h' --include='*.scn' --include='*.sh' |
	sed 's/^\([^:]*\):.*\(I[0-9]*\).*/\1=\2/' | sort -u); do
	grep -q "^${found#*=} |.*${found%=*}" $list || { echo "${found%=*}: names ${found#*=}, which $list does not know of"; bad=1; }
done
[ "$seen" -ge 24 ] || { echo "only $seen invariants seen: the check is broken"; bad=1; }
exit "$bad"
