#!/bin/sh
# SPDX-License-Identifier: ISC
# The plugin to copy from passes every check that a plugin can be run through.
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
