#!/bin/bash
# SPDX-License-Identifier: ISC
# Ten pushes at once into nine free licences: nine accounts, the tenth waits, and comes in when one is given back.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

people_count=1
members_at_start=''
room_options=(--licence RUNTIME=9)
reconcile_options='interval = "2s"; retry_failed = "1s";'
target_options='observe_interval = "2s"; retry_cap = "500ms"; probe_interval = "1s";'
system_start
scim_client okta

push() {
	curl -sS --max-time 60 --noproxy '*' -o "$work/push-$1" -H @"$work/scim.header" -H 'Content-Type: application/scim+json' \
		-d "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"push-$1\",\"active\":true,\"emails\":[{\"value\":\"push-$1@apps.example\",\"primary\":true}]}" \
		"http://127.0.0.1:$scim_port/scim/v2/Users"
}
enabled() { room_sim GET state | jq -r '.users[] | select((.username | startswith("push-")) and (.disabled | not)) | .username'; }
enabled_count() { [ "$(enabled | wc -l)" = "$1" ]; }

pushes=()
for number in 1 2 3 4 5 6 7 8 9 10; do
	push $number &
	pushes+=($!)
done
wait "${pushes[@]}" || die "a push was not answered"
[ "$(jq -r '.id | select(. != null)' "$work"/push-* | wc -l)" = 10 ] || die "a push was not stored"
wait_for "nine are in" enabled_count 9
never "a tenth gets in" 4 enabled_count 10

first=$(enabled | head -n 1)
id=$(jq -r .id "$work/$first")
scim DELETE "/Users/$id" >/dev/null
expect_status 204
# A disabled user keeps its licence in this product, so it is a person who makes room.
wait_for "one has left" room_has "$first" "$is_disabled"
room_sim POST licence '{"feature": "RUNTIME", "count": "10"}' >/dev/null
wait_for "there is room again: the tenth is in" enabled_count 9
for number in 1 2 3 4 5 6 7 8 9 10; do
	[ "$(room_created push-$number)" = 1 ] || die "push-$number was created $(room_created push-$number) times"
done
pass
