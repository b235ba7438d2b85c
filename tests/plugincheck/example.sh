#!/bin/sh
# SPDX-License-Identifier: ISC
# The plugins to copy from pass every check that they can be run through, and the small one stays small.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/accounts"
cat > "$work/example.json" <<END
{
	"options": { "folder": "$work/accounts" },
	"rights": [ { "access": "read" }, { "access": "write" } ],
	"cases": [ { "options": { "folder": "$work/nowhere" }, "code": "temporary", "text": "nowhere" } ]
}
END
"$top_builddir/daemon/plugincheck/apiuserd-target-check" --config "$work/example.json" --timeout 300 \
	"$top_builddir/plugins/example/.libs/example.so" > "$work/said" || { cat "$work/said"; exit 1; }
cat "$work/said"
# Whole checks, but for the one that needs a network.
[ "$(grep -c '^ok ' "$work/said")" -eq 9 ] || { echo "expected nine whole checks"; exit 1; }
[ -z "$(ls "$work/accounts")" ] || { echo "accounts were left behind"; ls "$work/accounts"; exit 1; }

# The one whose every change is a person's: what works on accounts says nothing of it.
cat > "$work/clipboard.json" <<END
{
	"options": { "url": "https://desk.example.com" },
	"rights": [ { "access": "read" }, { "access": "write" } ]
}
END
"$top_builddir/daemon/plugincheck/apiuserd-target-check" --config "$work/clipboard.json" --timeout 300 \
	"$top_builddir/plugins/example/.libs/clipboard.so" > "$work/said" || { cat "$work/said"; exit 1; }
cat "$work/said"
for check in table open rights order; do
	grep -q "^ok   $check " "$work/said" || { echo "check $check was not whole"; exit 1; }
done
lines=$(grep -cv -e '^$' -e '^/\*' -e '^ \*' "$top_srcdir/plugins/example/clipboard.c")
[ "$lines" -le 100 ] || { echo "clipboard.c has $lines lines of code"; exit 1; }
