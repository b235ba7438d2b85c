#!/bin/bash
# SPDX-License-Identifier: ISC
# An identity provider reads what it may give, gives it to a user, sees what came of it, and takes it away.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

account=urn:ietf:params:scim:schemas:extension:apiuserd:2.0:Account
members_at_start=''
people_count=1
system_start
scim_client picker

user_says() { # FILTER: of jq, over the user as the identity provider reads it
	scim GET "/Users/$id" >"$work/user"
	jq -e "$1" "$work/user" >/dev/null
}
patch() { # OPERATION
	scim PATCH "/Users/$id" '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":['"$1"']}' >"$work/answer"
	case $(cat "$work/scim.status") in 200 | 204) ;; *) die "PATCH answered $(cat "$work/scim.status")" ;; esac
}

scim GET /Entitlements >"$work/answer"
expect_status 200
value=$(jq -re '.Resources[0].value' "$work/answer") || die "nothing is offered"
[ "$(jq -r '.totalResults' "$work/answer")" = 1 ] || die "more is offered than the client's own rule"

scim POST /Users '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"pick-1","name":{"givenName":"Pick","familyName":"Robot"},"emails":[{"value":"pick-1@apps.example","primary":true}],"entitlements":[{"value":"Of no meaning"}]}' >"$work/answer"
expect_status 201
id=$(jq -re .id "$work/answer")
patch '{"op":"add","path":"entitlements","value":[{"value":"'"$value"'"}]}'
wait_for "pick-1 has the template's rights" room_has pick-1 "$is_enabled | $has_rights"
wait_for "the user shows an active account" user_says ".\"$account\".accounts == [.\"$account\".accounts[] | select(.target == \"control-room\" and .status == \"active\" and .login == \"pick-1\")] and (.schemas | index(\"$account\"))"
user_says '[.entitlements[].value] == ["Of no meaning", "Bot Runner"]' || die "a value that no rule names is not kept"
ctl explain pick-1 >"$work/answer" 2>&1 || die "explain does not know pick-1"
grep -q 'entitlement:Bot Runner' "$work/answer" || die "explain does not name the entitlement"
scim GET /Entitlements >"$work/answer"
[ "$(jq -r '.Resources[0].totalAssignmentsUsed' "$work/answer")" = 1 ] || die "the entitlement does not count its user"

patch '{"op":"remove","path":"entitlements[value eq \"'"$value"'\"]"}'
wait_for "without it: disabled in the product" room_has pick-1 "$is_disabled"
wait_for "the user shows a disabled account" user_says ".\"$account\".accounts[0].status == \"disabled\""
pass
