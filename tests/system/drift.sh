#!/bin/bash
# SPDX-License-Identifier: ISC
# People change accounts by hand in the product; a full run puts them right, and leaves strangers alone.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

people_count=4
members_at_start='1 2 3'
system_start
wait_for "three accounts" same_as_directory
room_sim POST console/user-create '{"username": "stranger", "email": "s@people.example", "password": "Not-ours.1", "roles": [{"id": 2}]}' >/dev/null

room_edit app-1 '{"roles": [{"id": 2}, {"id": 1}]}'
room_edit app-2 '{"disabled": true, "licenseFeatures": []}'
room_sim POST console/user-delete '{"username": "app-3"}' >/dev/null
ctl apply
wait_for "app-1 is no administrator any more" room_has app-1 "$is_enabled | $has_rights"
wait_for "app-2 is enabled, with its licence" room_has app-2 "$is_enabled | $has_rights"
wait_for "app-3 is there again" room_has app-3 "$is_enabled | $has_rights"
room_has stranger 'select(.version == 0)' || die "a stranger's account was changed"

versions() { room_sim GET state | jq -c '[.users[] | [.username, .version]] | sort'; }
before=$(versions)
ctl apply
[ "$(versions)" = "$before" ] || die "a second run changed something"

# The order by which the product lists roles, and what it adds by itself, is no drift.
room_edit app-1 '{"description": "noted by hand"}'
ctl apply
room_has app-1 "$has_rights" || die "app-1 lost its rights"
pass
