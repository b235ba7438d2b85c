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

# Strangers are listed with what they may; whoever has a login that we want is named with the ways out.
ctl drift --strangers --json | jq -e '.strangers | map(.login) | index("stranger")' >/dev/null || die "the stranger is not listed"
room_sim POST console/user-create '{"username": "app-4", "email": "app-4@people.example", "password": "Not-ours.2", "roles": [{"id": 2}, {"id": 1}]}' >/dev/null
join 4
stands_in_the_way() { { ctl conflicts --json || true; } | jq -e '.conflicts[0].candidates[0].login == "app-4"' >/dev/null; }
wait_for "a conflict is told" stands_in_the_way
room_has app-4 'select(.version == 0)' || die "an account that is not ours was changed"

# What adopting it would come to is shown before, and keeps nothing.
ctl adopt control-room app-4 app-4 --dry-run --json |
	jq -e '.dry and .plan.steps[0].guards == "adoption" and .account.login == "app-4" and .unseen == null' >/dev/null ||
	die "the dry run does not show what is to be held"
stands_in_the_way || die "a dry run has adopted"

# Adopted, it is ours and yet as it was, until a person has looked again.
ctl adopt control-room app-4 app-4 --reason "made by hand last year"
is_held() { { ctl held --json || true; } | jq -e '.steps | length > 0' >/dev/null; }
wait_for "what would be changed is held" is_held
room_has app-4 'select(.version == 0)' || die "adoption changed the account"
ctl confirm app-4 control-room --reason "looked at the plan"
wait_for "app-4 has its rights and no others" room_has app-4 "$is_enabled | $has_rights"
ctl drift --json | jq -e '.drift == []' >/dev/null || die "something drifts still"
pass
