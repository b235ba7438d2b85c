#!/bin/sh
# SPDX-License-Identifier: ISC
# Each defect that a plugin can have is found, by words that name it; without one, nothing is.
set -eu
here=$top_srcdir/tests/plugincheck
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 077
echo planted-canary > "$work/secret"

# run DEFECT CHECK SECONDS
run() {
	mkdir "$work/$1"
	cat > "$work/$1.json" <<-END
	{
		"options": { "folder": "$work/$1", "defect": "$1", "password": "file:$work/secret" },
		"rights": [ { "access": "read" }, { "access": "write" } ]
	}
	END
	"$top_builddir/daemon/plugincheck/apiuserd-target-check" --config "$work/$1.json" --only "$2" --timeout "$3" \
		"$top_builddir/tests/plugincheck/.libs/faulty.so" > "$work/$1.said" 2>&1
}

# A defect of waiting is found by waiting; nothing else may be late.
limit() {
	case $1 in hang | never-ends) echo 1 ;; *) echo 300 ;; esac
}

# judge DEFECT CHECK WORDS
judge() {
	if run "$1" "$2" "$(limit "$1")"; then
		echo "$1: check '$2' found nothing"
	elif ! grep -q -e "$3" "$work/$1.said"; then
		echo "$1: expected '$3', got:"
		cat "$work/$1.said"
	elif grep -q planted-canary "$work/$1.said"; then
		echo "$1: the check itself shows the secret"
	fi
}

# Every third of them, beginning with the given one: mostly they wait.
judge_third() {
	sed '/^#/d' "$here/defects.txt" | sed -n "$1~3p" | while IFS='|' read -r defect check words; do
		judge "$defect" "$check" "$words"
		: > "$work/$defect.judged"
	done
}

run none life 300 || { echo "fault was found with a plugin that has none:"; cat "$work/none.said"; exit 1; }
judge_third 1 > "$work/first" 2>&1 &
judge_third 2 > "$work/second" 2>&1 &
judge_third 3 > "$work/third" 2>&1
wait
cat "$work/first" "$work/second" "$work/third"
seen=$(find "$work" -name '*.judged' | wc -l)
[ "$seen" -ge 50 ] || { echo "only $seen defects were seen"; exit 1; }
[ ! -s "$work/first" ] && [ ! -s "$work/second" ] && [ ! -s "$work/third" ]
