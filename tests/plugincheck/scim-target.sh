#!/bin/sh
# SPDX-License-Identifier: ISC
# The SCIM plugins pass every check that a plugin can be run through: by PATCH, by index and with users that tell their
# groups, and by PUT, by cursor, with a password and groups that are read.
set -eu
command -v python3 >/dev/null || { echo "SKIP: python3 is missing"; exit 77; }
work=$(mktemp -d)
trap 'kill "$sim" 2>/dev/null || :; rm -rf "$work"' EXIT
umask 077
echo 'Tok3n-only_here' > "$work/token"
echo 'Not-the-r1ght_one' > "$work/wrong"

# serve QUIRKS: a service with two groups; then its address is in $base
serve() {
	rm -f "$work/port"
	python3 "$top_srcdir/tests/sim/scim/scim_sim.py" --port-file "$work/port" --token-file "$work/token" \
		--quirks "$1" > "$work/sim" 2>&1 &
	sim=$!
	while [ ! -s "$work/port" ]; do
		kill -0 "$sim" 2>/dev/null || { cat "$work/sim"; exit 1; }
		sleep 0.1
	done
	base=http://127.0.0.1:$(cat "$work/port")
	for group in Readers Writers; do
		curl -sS --fail --noproxy '*' -o /dev/null -d "{\"displayName\": \"$group\"}" "$base/__sim/group"
	done
}

# check PLUGIN WHOLE OPTIONS WRONG: so many checks must be whole; WRONG are options of a log-in that is refused
check() {
	cat > "$work/service.json" <<-END
		{
			"options": { "url": "$base/scim/v2", "request_limit": 0, $3 },
			"rights": [ { "groups": ["Readers"], "roles": ["viewer"] },
			            { "groups": ["Writers"], "entitlements": ["api"] } ],
			"account": { "first_name": "API", "last_name": "Check" },
			"cases": [ { "options": { $4 }, "code": "auth" },
			           { "options": { "url": "http://127.0.0.1:1/scim/v2" }, "code": "temporary" } ],
			"url": "url"
		}
	END
	"$top_builddir/daemon/plugincheck/apiuserd-target-check" --config "$work/service.json" --timeout 300 \
		"$top_builddir/plugins/scim-target/.libs/$1.so" > "$work/said" || { cat "$work/said"; exit 1; }
	cat "$work/said"
	[ "$(grep -c '^ok ' "$work/said")" -eq "$2" ] || { echo "expected $2 whole checks"; exit 1; }
	kill "$sim"
	wait "$sim" || :
}

serve '{}'
check scim 9 "\"token\": \"file:$work/token\"" "\"token\": \"file:$work/wrong\""
serve '{"no_patch": 1, "cursor": 1, "page_most": 2, "no_user_groups": 1, "no_external_filter": 1}'
check scim-password 10 "\"auth\": \"basic\", \"username\": \"operator\", \"password\": \"file:$work/token\", \"put_members\": true" \
	"\"password\": \"file:$work/wrong\""
