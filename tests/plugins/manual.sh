#!/bin/sh
# The plugin's manual page names every option and every rule that the plugin has, with the same evidence.
set -eu
page=$top_srcdir/plugins/automation-anywhere/apiuserd-automation-anywhere.7
table=$("$top_builddir/daemon/targetd/apiuserd-target" --describe \
	"$top_builddir/plugins/automation-anywhere/.libs/automation-anywhere.so")
status=0
names=$(printf '%s\n' "$table" | sed -n 's/^ *"name": "\([a-z_]*\)",*$/\1/p' | sort -u)
rules=$(printf '%s\n' "$table" | awk -F'"' '$2 == "id" { id = $4 } $2 == "evidence" && id { print id, toupper(substr($4, 1, 1)); id = "" }' |
	sort -u)
[ "$(printf '%s\n' "$names" | wc -l)" -ge 10 ] || { echo "option names were not found in the table"; exit 1; }
[ "$(printf '%s\n' "$rules" | wc -l)" -eq 22 ] || { echo "22 rules were not found in the table"; exit 1; }
for name in $names; do
	grep -qx ".It Cm $name" "$page" || { echo "option $name is not in the manual page"; status=1; }
done
printf '%s\n' "$rules" | while read -r rule; do
	grep -qx ".It Sy $rule" "$page" || { echo "rule $rule is not in the manual page"; exit 1; }
done || status=1
if command -v mandoc >/dev/null; then
	mandoc -T lint -W warning "$page" || status=1
fi
exit $status
