#!/bin/bash
# SPDX-License-Identifier: ISC
# I14: 64 pushes at once into nine free slots of the ledger, in a product that would take them all: exactly nine accounts,
# and a daemon that is killed meanwhile lets no tenth in.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

pushes=64 slots=9
people_count=1
members_at_start=''
room_options=(--licence RUNTIME=1000)
target_options="observe_interval = \"2s\"; retry_cap = \"500ms\"; probe_interval = \"1s\";
	capacity = ( { pool = \"seats:RUNTIME\"; limit = $slots; } );"
system_start
scim_client okta

push() {
	curl -sS --max-time 100 --noproxy '*' -o "$work/push-$1" -H @"$work/scim.header" -H 'Content-Type: application/scim+json' \
		-d "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"push-$1\",\"active\":true,\"emails\":[{\"value\":\"push-$1@apps.example\",\"primary\":true}]}" \
		"http://127.0.0.1:$scim_port/scim/v2/Users"
}
created_count() { room_sim GET state | jq '[.users[] | select(.username | startswith("push-"))] | length'; }
pool() { ctl capacity control-room --json | jq -r ".pools[] | select(.pool == \"seats:RUNTIME\") | .$1"; }
too_many() { [ "$(created_count)" -gt $slots ]; }
pool_is() { [ "$(pool "$1")" = "$2" ]; }

jobs=()
for number in $(seq $pushes); do
	push "$number" &
	jobs+=($!)
done
wait "${jobs[@]}" || die "a push was not answered"
[ "$(jq -r '.id | select(. != null)' "$work"/push-* | wc -l)" = $pushes ] || die "a push was not stored"
crash daemon
daemon_start
wait_for "all slots are ours" pool_is ours $slots
wait_for "the rest waits" pool_is waiting $((pushes - slots))
never "a tenth gets in" 4 too_many
[ "$(created_count)" = $slots ] || die "$(created_count) accounts in $slots slots"
pool_is reserved 0 || die "$(pool reserved) slots are reserved for nobody"

for file in "$work"/push-*; do
	name=$(basename "$file")
	[ "$(room_created "$name")" -le 1 ] || die "$name was created $(room_created "$name") times"
done
pass
