#!/bin/sh
# SPDX-License-Identifier: ISC
# SCIM services that have things elsewhere: other attributes, and members in each single group, with users, or behind a filter.
. "$top_srcdir/tests/source/service.sh"

was_asked() { grep -q -e "$1" "$FAKE/requests"; }
never_asked() { ! was_asked "$1" || fail "$2"; }

# comes NAME PATTERN [OPTION...]: what is there is read, and a request matches
comes() {
	comes_name=$1
	comes_pattern=$2
	shift 2
	: > "$FAKE/requests"
	poll "$@"
	expect "$comes_name" is_polled
	expect "as it is asked for" was_asked "$comes_pattern"
	{ group builders anna carla dora emma; group readers; group nobody jan; } | put groups
	expect "members come and leave" is_polled
	{ group builders anna berta carla dora; group readers emma; group nobody; } | put groups
	expect "and are back" is_polled
	world_leave || fail "the source does not end cleanly"
}

service_make
fake_start

comes "members of each single group" '/Groups/g-readers$' members_from=single
comes "no list has to have them for that" '/Groups?startIndex=1&count=3&excludedAttributes=members$' members_from=single
manners tells never bare
comes "members as users tell" '/Groups?startIndex=1&count=3&excludedAttributes=members$' members_from=users
never_asked '/Groups/' "groups that tell nothing were asked"
manners tells never bare filter etag
comes "in a service with entity tags and times too" '/Users' members_from=users
never_asked '/Users.*lastModified' "users that did not change tell nothing of groups"
manners never bare
comes "members behind a filter" '/Users?startIndex=1&count=3&attributes=id&filter=groups.value eq "g-builders"$' \
	members_from=filter page_size=3
comes "page by page" '/Users?startIndex=3&count=4&attributes=id&filter=groups.value eq "g-builders"$' members_from=filter

manners never bare
poll members_from=users
expect_facts "users that tell nothing" '^state ok .*no user says which groups he is in'
expect "take nobody out" is_polled
world_leave || fail "the source does not end cleanly"
manners tells vague=u-anna never bare
{ group builders anna; group readers; group nobody; } | put groups
poll members_from=users
expect_facts "one who does not say where he is" '^state ok .*of some users it is not known which groups they are in'
expect_facts "takes nobody out either" '^member g-builders u-dora known'
world_leave || fail "the source does not end cleanly"
{ group builders anna berta carla dora; group readers emma; group nobody; } | put groups
manners
settles "and all is as it was"

# Looked at by hand: the list is asked as it will be, and nobody is alarmed by what it leaves out.
command -v jq > /dev/null || { echo "SKIP: jq is missing"; exit 77; }
"$top_builddir/tests/source/source_harness" try "$top_builddir/daemon/sourced/apiuserd-source" - kind=scim "url=$FAKE_URL" \
	"$FAKE_PROOF" members_from=filter > "$WORLD/report" || fail "it cannot be looked at"
jq -e 'any(.searches[1].commands[]; test("Groups.*excludedAttributes=members")) and
	[.findings[].text] == ["groups: their members are not looked for here, as members_from is filter"]' \
	"$WORLD/report" > "$WORLD/last" || fail "$(jq . "$WORLD/report")"
echo "ok: a look by hand says where members come from"

{ for name in $everybody; do person "$name" "$([ "$name" != carla ] || echo disabled)"; done; } | put people
manners extra
settles "an extension says who may work, and the address" 'path_mail=["urn:example:User:mails[kind eq \"work\"].at"]' \
	'inactive=["urn:example:User:status ne \"ACTIVE\""]'
manners
{ echo "g-all all g-builders g-readers u-jan"; group builders anna; group readers emma; } | put groups
poll
expect "groups lie in each other, beside people" is_polled
expect_facts "and are known" '^member g-all g-builders known'
world_leave || fail "the source does not end cleanly"
! grep LeakSanitizer "$WORLD/log" || fail "something was not given back"
