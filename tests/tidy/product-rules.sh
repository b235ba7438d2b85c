#!/bin/sh
# SPDX-License-Identifier: ISC
# Every rule that a plugin tells has its row in tests/product-rules.txt: a test that is there and runs, or why there is none.
set -eu
cd "$top_srcdir"
bad=0 list=tests/product-rules.txt

# Rules as they stand in the sources; those of one product's brands are rows with the brand's prefix in front.
rules=$(
	grep -ohE '"(AA|IR|MV|WF)-R[0-9]+"' plugins/*/*.c | tr -d '"'
	for brand in CA WF; do grep -ohE 'P "R[0-9]+"' plugins/calabrio/rules_rows.h | sed "s/P \"\\(.*\\)\"/$brand-\\1/"; done
)
rules=$(echo "$rules" | sort -u)
listed=$(grep -v '^#' $list | sed 's/|.*//' | tr ' ' '\n' | grep . | sort)
[ "$(echo "$listed" | sort -u)" = "$listed" ] || { echo "$list: a rule stands there twice"; bad=1; }
[ "$rules" = "$listed" ] || {
	bad=1
	for rule in $rules; do echo "$listed" | grep -qx "$rule" || echo "$rule: $list says nothing of it"; done
	for rule in $listed; do echo "$rules" | grep -qx "$rule" || echo "$rule: no plugin has it, but $list"; done
}
[ "$(echo "$rules" | grep -c .)" -ge 90 ] || { echo "only $(echo "$rules" | grep -c .) rules seen: the check is broken"; bad=1; }

while IFS='|' read -r ids tests; do
	case $ids in '#'*) continue ;; esac
	case $tests in
	' not tested: '?*) continue ;;
	*' not tested'* | '' | ' ') echo "$list: $ids: no test and no reason"; bad=1; continue ;;
	esac
	for test in $tests; do
		file=${test%%:*} name=${test#*:}
		[ -f "$file" ] || { echo "$list: $ids: $file is not there"; bad=1; continue; }
		if [ "$name" = "$test" ]; then
			grep -q "${ids%% *}" "$file" || { echo "$file: does not name ${ids%% *}"; bad=1; }
		elif ! grep -q "^$name(void \*\*state)" "$file" || ! grep -vE "^$name\\(" "$file" | grep -qE "\\(($name|${name#*_})[,)]"; then
			echo "$list: $ids: $file has no test $name, or does not run it"
			bad=1
		fi
	done
done <$list
exit "$bad"
