#!/bin/bash
# SPDX-License-Identifier: ISC
# A SCIM service that is not ours, polled by apiuserd-source: what it has, and how it changes, is what we come to hold.
# `make check-conformance` runs it after run.sh, which shares its virtual environment.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/source/service.sh disable=SC2154 # make sets it
. "$top_srcdir/tests/source/service.sh"
scratch=$top_builddir/tests/conformance
die() { fail "$@"; }
# shellcheck source=tests/conformance/suites.sh
. "$top_srcdir/tests/conformance/suites.sh"

# its_start [OPTION...]: the service; afterwards FAKE_URL is its base URL
its_start() {
	local port
	port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	"$scratch/venv/bin/scim2-server" --port "$port" --bearer-token "$(cat "$FAKE/token")" "$@" >> "$WORLD/its_log" 2>&1 &
	echo $! > "$FAKE/pid"
	FAKE_DIRS=$FAKE
	FAKE_URL=http://127.0.0.1:$port/v2
	expect "the service listens" ask /ServiceProviderConfig
}

# ask PATH [CURL OPTION...]
ask() {
	local path=$1
	shift
	curl -sf --noproxy '*' -H "Authorization: Bearer $(cat "$FAKE/token")" -H 'Content-Type: application/scim+json' "$@" \
		"$FAKE_URL$path"
}

# user NAME, its_group NAME ID...: made there; prints the id
user() {
	ask /Users -d '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"'"$1"'","active":true,
		"name":{"givenName":"'"$1"'","familyName":"Example"},
		"emails":[{"value":"'"$1"'@home.example"},{"value":"'"$1"'@example.com","type":"work","primary":true}]}' | jq -r .id
}
its_group() {
	local name=$1
	shift
	printf '%s\n' "$@" | jq -nR --arg name "$name" '{schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
		displayName: $name, members: [inputs | select(. != "") | {value: .}]}' > "$WORLD/group.json"
	ask /Groups -d "@$WORLD/group.json" | jq -r .id
}

# patch PATH OPERATION
patch() {
	ask "$1" -X PATCH -o "$WORLD/patched.json" \
		-d '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":['"$2"']}' ||
		fail "the service does not patch"
}

# all PATH: everything, page by page
all() {
	local start
	for start in $(seq 1 5 40); do
		ask "$1?startIndex=$start&count=5" || return 1
	done
}

# What the service has by its own word, as service.sh compares it.
is_the_same() {
	all /Users | jq -r '.Resources[]? | [.id, .userName, (.emails[] | select(.primary) | .value),
		if .active == false then "disabled" else "" end] | join(" ")' > "$FAKE/people"
	all /Groups | jq -r '.Resources[]? | [.id, .displayName, (.members[]?.value)] | join(" ")' > "$FAKE/groups"
	[ -s "$FAKE/people" ] && is_polled
}

# read_and_follow OPTION...: what there is, and then each kind of change
read_and_follow() {
	local anna berta carla readers all zoe
	rm -rf "$WORLD/store"
	for name in $(seq -f 'person%g' 20); do user "$name" > "$WORLD/last_id"; done
	anna=$(user anna)
	berta=$(user berta)
	carla=$(user carla)
	readers=$(its_group readers "$anna" "$berta")
	all=$(its_group all "$readers" "$carla")
	its_group nobody > "$WORLD/nobody"
	poll page_size=7 removals_few=50 "$@"
	expect "what it has is read" is_the_same
	expect_facts "groups in groups as well" "^member $all $readers"
	zoe=$(user zoe)
	expect "somebody new" is_the_same
	patch "/Users/$anna" '{"op":"replace","path":"active","value":false}'
	expect "who is disabled" is_the_same
	expect_facts "counts as such" "^person $anna .*disabled"
	patch "/Groups/$readers" '{"op":"add","path":"members","value":[{"value":"'"$zoe"'"}]}'
	expect "who joins" is_the_same
	patch "/Groups/$readers" '{"op":"remove","path":"members[value eq \"'"$berta"'\"]"}'
	expect "who leaves" is_the_same
	ask "/Users/$carla" -X DELETE || fail "the service does not delete"
	expect "who goes" is_the_same
	ask "/Groups/$(cat "$WORLD/nobody")" -X DELETE || fail "the service does not delete"
	expect "a group that goes" is_the_same
	world_leave || fail "the source does not end cleanly"
	fake_end
}

install_suites
service_make
its_start
read_and_follow
its_start
read_and_follow members_from=single
its_start
ask /ServiceProviderConfig | jq '.pagination = {cursor: true, index: true, defaultPageSize: 5, maxPageSize: 5, cursorTimeout: 60}' > "$WORLD/cursor.json"
fake_end
its_start --service-provider-config "$WORLD/cursor.json"
read_and_follow
! grep LeakSanitizer "$WORLD/log" || fail "something was not given back"
echo "PASS: polling scim2-server"
