#!/bin/bash
# SPDX-License-Identifier: ISC
# A SCIM service that is not ours as target: our plugins pass every check that a plugin can be run through, against it.
# `make check-conformance` runs it after run.sh, which shares its virtual environment.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make sets it
. "$top_srcdir/tests/system/lib.sh"
scratch=$top_builddir/tests/conformance
# shellcheck source=tests/conformance/suites.sh
. "$top_srcdir/tests/conformance/suites.sh"

# ask PATH [CURL OPTION...]
ask() {
	local path=$1
	shift
	curl -sSf --noproxy '*' -H "Authorization: Bearer $(cat "$work/token")" -H 'Content-Type: application/scim+json' "$@" \
		"$url$path"
}

# service_start: with two groups; afterwards url is its base URL
service_start() {
	local port group
	port=$(free_port "$work/ports")
	url=http://127.0.0.1:$port/v2
	start service "$scratch/venv/bin/scim2-server" --port "$port" --bearer-token "$(cat "$work/token")"
	wait_for "the service answers" ask /ServiceProviderConfig
	for group in Readers Writers; do
		ask /Groups -o "$work/group.json" -d '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"'"$group"'"}'
	done
}

# check PLUGIN WHOLE OPTIONS: so many checks must be whole
check() {
	service_start
	# its users do not tell their groups, though its schema of users has them (SC-R23)
	cat >"$work/service.json" <<-END
		{
			"options": { "url": "$url", "request_limit": 0, "token": "file:$work/token",
			             "memberships": "groups"$3 },
			"rights": [ { "groups": ["Readers"], "roles": ["viewer"] },
			            { "groups": ["Writers"], "entitlements": ["api"] } ],
			"account": { "first_name": "API", "last_name": "Check" },
			"cases": [ { "options": { "token": "file:$work/wrong" }, "code": "auth" },
			           { "options": { "url": "http://127.0.0.1:1/v2" }, "code": "temporary" } ],
			"url": "url"
		}
	END
	say "$1$3"
	"$top_builddir/daemon/plugincheck/apiuserd-target-check" --config "$work/service.json" --timeout 600 \
		"$top_builddir/plugins/scim-target/.libs/$1.so" >"$work/said" || { cat "$work/said"; die "$1 does not pass"; }
	cat "$work/said"
	[ "$(grep -c '^ok ' "$work/said")" -eq "$2" ] || die "expected $2 whole checks"
	crash service
}

install_suites
secret_file "$work/token"
secret_file "$work/wrong"
check scim 9 ''
check scim-password 10 ', "update": "put", "put_members": true, "filter": "no"'
pass
