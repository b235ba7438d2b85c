#!/bin/sh
# SPDX-License-Identifier: ISC
# The Automation Anywhere plugin passes every check that a plugin can be run through, against its simulator.
set -eu
work=$(mktemp -d)
trap 'kill "$sim" 2>/dev/null || :; rm -rf "$work"' EXIT
umask 077
echo 'Adm1n-only_here' > "$work/password"
echo 'Not-the-r1ght_one' > "$work/wrong"
"$top_builddir/tests/sim/control-room-sim" --admin-user admin --admin-password-file "$work/password" \
	--port-file "$work/port" --log "$work/log" > "$work/sim" 2>&1 &
sim=$!
while [ ! -s "$work/port" ]; do
	kill -0 "$sim" 2>/dev/null || { cat "$work/sim"; exit 1; }
	sleep 0.1
done
cat > "$work/room.json" <<END
{
	"options": {
		"url": "http://127.0.0.1:$(cat "$work/port")", "username": "admin",
		"password": "file:$work/password", "request_limit": 0
	},
	"rights": [
		{ "roles": ["AAE_Basic"], "license_features": ["RUNTIME"] },
		{ "roles": ["AAE_Basic", "AAE_Admin"], "auto_login": false }
	],
	"account": { "first_name": "API", "last_name": "Check" },
	"cases": [
		{ "options": { "password": "file:$work/wrong" }, "code": "auth" },
		{ "options": { "url": "http://127.0.0.1:1" }, "code": "temporary" }
	],
	"url": "url"
}
END
"$top_builddir/daemon/plugincheck/apiuserd-target-check" --config "$work/room.json" --timeout 300 \
	"$top_builddir/plugins/automation-anywhere/.libs/automation-anywhere.so" > "$work/said" ||
	{ cat "$work/said"; exit 1; }
cat "$work/said"
[ "$(grep -c '^ok ' "$work/said")" -eq 10 ] || { echo "expected ten whole checks"; exit 1; }
