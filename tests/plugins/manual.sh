#!/bin/sh
# A plugin's manual page names every option and every rule that the plugin has, with the same evidence.
set -eu
status=0

# check MODULE RULES [PAGE-OF-OPTIONS [PAGE-OF-RULES]]
check() {
	folder=$top_srcdir/plugins/${1%/*} name=${1#*/}
	page=$folder/${4-apiuserd-$name.7}
	table=$("$top_builddir/daemon/targetd/apiuserd-target" --describe --json "$top_builddir/plugins/${1%/*}/.libs/$name.so")
	names=$(printf '%s\n' "$table" | sed -n '/_options"/,/^  ]/s/^ *"name": "\([a-z_]*\)",*$/\1/p' | sort -u)
	rules=$(printf '%s\n' "$table" |
		awk -F'"' '$2 == "id" { id = $4 } $2 == "evidence" && id { print id, toupper(substr($4, 1, 1)); id = "" }' | sort -u)
	[ "$(printf '%s\n' "$names" | wc -l)" -ge 5 ] || { echo "$name: option names were not found in the table"; exit 1; }
	[ "$(printf '%s\n' "$rules" | wc -l)" -eq "$2" ] || { echo "$name: $2 rules were not found in the table"; exit 1; }
	for option in $names; do
		grep -qx ".It Cm $option" "$folder/${3-apiuserd-$name.7}" || { echo "option $option is not in the manual page"; status=1; }
	done
	printf '%s\n' "$rules" | while read -r rule; do
		grep -qx ".It Sy $rule" "$page" || { echo "$name: rule $rule is not in the manual page"; exit 1; }
	done || status=1
	if command -v mandoc >/dev/null; then
		mandoc -T lint -W warning "$page" || status=1
	fi
}

check automation-anywhere/automation-anywhere 22
check calabrio/calabrio-one 37
check calabrio/workforce-optimization 38 apiuserd-calabrio-one.7
check iris-hr/iris-hr 16
check movius/movius 11
check scim-target/scim 23 apiuserd-scim-target.7 apiuserd-scim-target.7
check exec/exec 2
exit $status
