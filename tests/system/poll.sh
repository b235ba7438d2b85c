#!/bin/bash
# SPDX-License-Identifier: ISC
# A SCIM service that is polled, down to the product.  The service is a real one: our own endpoint, of another client.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

members_at_start=''
people_count=1
directory_start
room_start
write_config
(umask 077; : >"$work/poll.token")
# The endpoint's port and token are known before the source begins.
more_sources=", { name = \"remote\"; kind = \"scim\"; url = \"http://127.0.0.1:$scim_port/scim/v2\";
	token = \"file:$work/poll.token\"; poll_interval = \"300ms\"; confirm_after = \"200ms\"; page_size = 3; retry_cap = \"500ms\"; }"
more_rules=', { name = "polled"; source = "remote"; group = "Bots"; template = "bot-runner"; }'
daemon_start
scim_client picker
sed 's/.*Bearer //' "$work/scim.header" >"$work/poll.token"

body() { # NAME: a user
	printf '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"%s","displayName":"Robot %s",' "$1" "$1"
	printf '"name":{"givenName":"Polled","familyName":"Robot"},"emails":[{"value":"%s@apps.example"}],"active":true}' "$1"
}
operation() { printf '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[%s]}' "$1"; }

declare -A id
for name in poll-1 poll-2 poll-3 poll-4 poll-5; do
	scim POST /Users "$(body "$name")" >"$work/answer"
	expect_status 201
	id[$name]=$(jq -re .id "$work/answer")
done
scim POST /Groups "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:Group\"],\"displayName\":\"Bots\",
	\"members\":[{\"value\":\"${id[poll-1]}\"},{\"value\":\"${id[poll-2]}\"}]}" >"$work/answer"
expect_status 201
bots=$(jq -re .id "$work/answer")

daemon_reload
wait_for "the service is read" eval 'ctl --json sources | jq -e ".sources[] | select(.name == \"remote\" and .state == \"ok\" and .entries == 5)"'
wait_for "poll-1 is created in the product" room_has poll-1 "$is_enabled | $has_rights"
wait_for "and poll-2" room_has poll-2 "$is_enabled"
room_has poll-3 . && die "poll-3 is in no group"

scim PATCH "/Groups/$bots" "$(operation "{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"${id[poll-3]}\"}]}")" >"$work/answer"
wait_for "a member who comes gets an account" room_has poll-3 "$is_enabled"
scim PATCH "/Users/${id[poll-3]}" "$(operation '{"op":"replace","path":"active","value":false}')" >"$work/answer"
wait_for "one who is switched off loses it" room_has poll-3 "$is_disabled"
scim DELETE "/Users/${id[poll-2]}" >"$work/answer"
expect_status 204
wait_for "and so does one who is deleted" room_has poll-2 "$is_disabled"
room_has poll-1 "$is_enabled" || die "poll-1 was touched"
ctl explain poll-1@apps.example | grep -q 'remote' || die "explain does not name the source: $(ctl explain poll-1@apps.example)"

# Looked at by hand, and nothing is changed by it.
report=$work/report.json
ctl --json source test remote --entries 3 --show 2 >"$report" || die "source test: exit $?"
jq -e '.kind == "scim" and (.server.way | test("cursor")) and (.findings | length == 0)
	and (.searches[0] | .search == "people" and .read == 3 and (.entries | length == 2))
	and any(.searches[0].entries[0].texts[]; .option == "emails" and (.value | test("@apps.example$")))
	and (.searches[1].entries[0] | .members == 2)' "$report" >/dev/null || die "not what is there: $(cat "$report")"
jq -r '.commands[], .searches[].commands[]' "$report" >"$work/lines"
[ "$(grep -c . "$work/lines")" = 3 ] || die "not three lines: $(cat "$work/lines")"
while read -r line; do
	sh -c "$line" >"$work/answer" || die "this fails: $line"
	jq -e .schemas "$work/answer" >/dev/null || die "no answer of SCIM: $line: $(cat "$work/answer")"
done <"$work/lines"
! grep -F -e "$(cat "$work/poll.token")" "$report" || die "the token is shown"
say "the service can be looked at, and asked by hand"

# The token ends: nobody is touched.
ctl client revoke picker
wait_for "a refused token is a matter for a person" eval 'ctl --json sources | jq -e ".sources[] | select(.name == \"remote\" and .state == \"quarantine\")"'
room_has poll-1 "$is_enabled" || die "poll-1 lost its account with the token"
code=0
ctl --json source test remote >"$report" || code=$?
[ "$code" = 1 ] || die "a refused token is an error, not $code"
jq -e 'any(.findings[]; .level == "error" and (.text | test("401")))' "$report" >/dev/null || die "$(cat "$report")"
pass
