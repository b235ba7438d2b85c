#!/bin/bash
# SPDX-License-Identifier: ISC
# Pushes as Okta and Entra ID send them, down to the product.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

members_at_start=''
people_count=1
system_start
scim_client okta

okta() { # NAME: the body of Okta's create
	printf '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"%s","name":{"givenName":"Push","familyName":"Robot"},' "$1"
	printf '"emails":[{"primary":true,"value":"%s@apps.example","type":"work"}],"displayName":"Push Robot","locale":"en-US",' "$1"
	printf '"externalId":"00u-%s","groups":[],"active":true}' "$1"
}
entra() { printf '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Replace","path":"active","value":"%s"}]}' "$1"; }

scim GET '/Users?filter=userName%20eq%20%22push-1%22&startIndex=1&count=100' >"$work/answer"
expect_status 200
[ "$(jq .totalResults "$work/answer")" = 0 ] || die "somebody is there already"
scim POST /Users "$(okta push-1)" >"$work/answer"
expect_status 201
id=$(jq -re .id "$work/answer")
wait_for "push-1 is created in the product" room_has push-1 "$is_enabled | $has_rights"
room_has push-1 'select(.email == "push-1@apps.example" and .firstName == "Push")' || die "push-1 has other data"
scim POST /Users "$(okta push-1)" >"$work/answer"
expect_status 409
[ "$(jq -r .scimType "$work/answer")" = uniqueness ] || die "the conflict is not called uniqueness"

scim PATCH "/Users/$id" "$(entra False)" >"$work/answer"
case $(cat "$work/scim.status") in 200 | 204) ;; *) die "PATCH answered $(cat "$work/scim.status")" ;; esac
wait_for "active False (Entra ID): disabled in the product" room_has push-1 "$is_disabled"
ctl client list | grep -q 'auto: entra' || die "Entra ID was not recognised: $(ctl client list)"
scim PATCH "/Users/$id" "$(entra True)" >"$work/answer"
wait_for "active True: enabled again" room_has push-1 "$is_enabled | $has_rights"

scim POST /Users "$(okta push-2)" >"$work/answer"
wait_for "push-2 is created" room_has push-2 "$is_enabled"
scim DELETE "/Users/$id" >"$work/answer"
expect_status 204
wait_for "deleted by the client: disabled in the product" room_has push-1 "$is_disabled"
room_has push-2 "$is_enabled" || die "push-2 was touched"

stop daemon
daemon_start
scim GET '/Users?filter=userName%20eq%20%22push-2%22' >"$work/answer"
expect_status 200
[ "$(jq .totalResults "$work/answer")" = 1 ] || die "a restart forgot push-2"
ctl client show okta | grep -q '^recognised as: entra, because its operations begin with capital letters' ||
	die "a restart forgot who the provider is: $(ctl client show okta)"
[ "$(room_created push-1) $(room_created push-2)" = "1 1" ] || die "an account was created again"

printf 'Authorization: Bearer apiu_0000000000000000_%s\n' "$(head -c 32 /dev/zero | base64 | tr -d '=')" >"$work/scim.header"
scim GET /Users >"$work/answer"
expect_status 401

# A second token with a scope, and its end while it is in use.
(umask 077; ctl --json client add --force okta --scope users --read-only >"$work/token")
jq -re '"Authorization: Bearer \(.token)"' "$work/token" >"$work/scim.header"
scim GET /Users >"$work/answer"
expect_status 200
scim POST /Users "$(okta push-3)" >"$work/answer"
expect_status 403
scim GET /Groups >"$work/answer"
expect_status 403
ctl client list | grep -q 'users read-only' || die "client list does not tell the scope"
ctl client revoke okta --token "$(jq -re .id "$work/token")"
scim GET /Users >"$work/answer"
expect_status 401
pass
