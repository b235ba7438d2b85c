#!/bin/bash
# SPDX-License-Identifier: ISC
# I14: 64 pushes at once into nine free slots of the ledger, in a product that would take them all: exactly nine accounts,
# and a daemon that is killed again and again meanwhile lets no tenth in and makes nobody twice.
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

# Until it is stored: an answer that a kill took away may have been one already, which the next one says (409).
push() {
	until [[ $(push_once "$1") == 201 || $(cat "$work/status-$1") == 409 ]]; do
		sleep 0.2
	done
	touch "$work/stored-$1"
}
push_once() {
	curl -s --max-time 30 --noproxy '*' -o "$work/push-$1" -w '%{http_code}' -H @"$work/scim.header" -H 'Content-Type: application/scim+json' \
		-d "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"push-$1\",\"active\":true,\"emails\":[{\"value\":\"push-$1@apps.example\",\"primary\":true}]}" \
		"http://127.0.0.1:$scim_port/scim/v2/Users" | tee "$work/status-$1"
}
stored() { [ "$(find "$work" -name 'stored-*' | wc -l)" -ge "$1" ]; }
created_count() { room_sim GET state | jq '[.users[] | select(.username | startswith("push-"))] | length'; }
pool() { ctl capacity control-room --json | jq -r ".pools[] | select(.pool == \"seats:RUNTIME\") | .$1"; }
too_many() { [ "$(created_count)" -gt $slots ]; }
pool_is() { [ "$(pool "$1")" = "$2" ]; }

jobs=()
for number in $(seq $pushes); do
	push "$number" &
	jobs+=($!)
done
for count in 1 8 24 48 $pushes; do
	wait_for "$count are stored" stored "$count"
	crash daemon
	daemon_start
done
wait "${jobs[@]}" || die "a push was not stored"
wait_for "all slots are ours" pool_is ours $slots
wait_for "the rest waits" pool_is waiting $((pushes - slots))
never "a tenth gets in" 4 too_many
[ "$(created_count)" = $slots ] || die "$(created_count) accounts in $slots slots"
pool_is reserved 0 || die "$(pool reserved) slots are reserved for nobody"

for number in $(seq $pushes); do
	name=push-$number
	[ "$(room_created "$name")" -le 1 ] || die "$name was created $(room_created "$name") times"
done
pass
