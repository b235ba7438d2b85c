#!/bin/bash
# SPDX-License-Identifier: ISC
# The product is away, slow, confused, or answers nothing after it did what was asked.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

people_count=12
members_at_start='1'
reconcile_options='interval = "1h"; guard_count = 100; guard_percent = 100; retry_failed = "2s";'
system_start
wait_for "app-1 has its account" room_has app-1 "$is_enabled"

stop room
join 2
leave 1
sleep 2
room_start
wait_for "the product is back: what waited is done" same_as_directory

users=/v1/usermanagement/users
room_fault '{"match": {"method": "POST", "path": "'$users'"}, "do": "status", "status": 503, "count": 2}'
join 3
wait_for "two 503 do not keep app-3 out" room_has app-3 "$is_enabled"

room_fault '{"match": {"method": "POST", "path": "'$users'"}, "do": "status", "status": 429, "retry_after": 1}'
join 4
wait_for "a 429 only delays app-4" room_has app-4 "$is_enabled"

room_fault '{"match": {"method": "POST", "path": "'$users'"}, "do": "drop-after-commit"}'
join 5
wait_for "app-5, created without an answer, is recognised as ours" room_has app-5 "$is_enabled | $has_rights"
room_fault '{"match": {"method": "POST", "path": "'$users'"}, "do": "truncate"}'
join 6
wait_for "app-6, created with half an answer" room_has app-6 "$is_enabled | $has_rights"
room_fault '{"match": {"method": "POST", "path": "'$users'"}, "do": "status", "status": 500, "commit": true}'
join 7
wait_for "app-7, created behind a 500" room_has app-7 "$is_enabled | $has_rights"
room_fault '{"match": {"method": "POST", "path": "'$users'"}, "do": "reset"}'
join 8
wait_for "app-8, reset before it was created" room_has app-8 "$is_enabled | $has_rights"

room_fault '{"match": {"path": "'$users'/*"}, "do": "html"}'
leave 3
wait_for "a page for people is no success: app-3 is disabled in the end" room_has app-3 "$is_disabled"
room_fault '{"match": {"method": "PUT"}, "do": "drop-after-commit"}'
leave 4
wait_for "app-4, disabled without an answer" same_as_directory

room_sim POST clock '{"advance_s": 1500}' >/dev/null
join 9
wait_for "the token was too old: a new login, then app-9" room_has app-9 "$is_enabled"

# A name that somebody else holds is a conflict for a person, never a take-over.
room_sim POST console/user-create '{"username": "app-10", "email": "somebody@else.example", "password": "Not-ours.1", "roles": [{"id": 2}]}' >/dev/null
join 10
join 11
wait_for "app-11 is not held up by the conflict" room_has app-11 "$is_enabled"
room_has app-10 'select(.version == 0 and .email == "somebody@else.example")' || die "a stranger's account was changed"

for name in 1 2 3 4 5 6 7 8 9 10 11; do
	[ "$(room_created app-$name)" = 1 ] || die "app-$name was created $(room_created app-$name) times"
done
pass
