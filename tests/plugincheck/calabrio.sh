#!/bin/sh
# SPDX-License-Identifier: ISC
# Both brands of plugins/calabrio pass every check that a plugin can be run through, on a tenant that takes passwords.
set -eu
work=$(mktemp -d)
trap 'kill "$sim" 2>/dev/null || :; rm -rf "$work"' EXIT
umask 077
echo 'Adm1n-only_here' > "$work/password"
echo 'Not-the-r1ght_one' > "$work/wrong"
"$top_builddir/tests/sim/calabrio-sim" --admin-password-file "$work/password" --port-file "$work/port" --takes-password on \
	> "$work/sim" 2>&1 &
sim=$!
while [ ! -s "$work/port" ]; do
	kill -0 "$sim" 2>/dev/null || { cat "$work/sim"; exit 1; }
	sleep 0.1
done
cat > "$work/tenant.json" <<-END
	{
		"options": { "url": "http://127.0.0.1:$(cat "$work/port")", "username": "admin@tenant.example",
		             "password": "file:$work/password", "password_member": "password", "request_limit": 0 },
		"rights": [ { "tenant": true }, { "teams": ["Payroll"], "team": "Payroll" } ],
		"account": { "first_name": "Interface", "last_name": "Payroll", "login_domain": "apps.example" },
		"cases": [ { "options": { "password": "file:$work/wrong" }, "code": "auth" },
		           { "options": { "url": "http://127.0.0.1:1" }, "code": "temporary" } ],
		"url": "url"
	}
END
for brand in calabrio-one workforce-optimization; do
	"$top_builddir/daemon/plugincheck/apiuserd-target-check" --config "$work/tenant.json" --timeout 300 \
		"$top_builddir/plugins/calabrio/.libs/$brand.so" > "$work/said" || { cat "$work/said"; exit 1; }
	cat "$work/said"
done
