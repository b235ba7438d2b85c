#!/bin/sh
# SPDX-License-Identifier: ISC
# A SCIM service that is polled is a source like any other, and whatever it does wrong removes nobody.
. "$top_srcdir/tests/source/service.sh"

# A reading of everything may be due at first, to confirm what an earlier one missed.
asks_for_changes() {
	: > "$FAKE/requests"
	sleep 1
	grep -q 'Users.*filter=meta.lastModified' "$FAKE/requests" &&
		! grep -q '^/scim/v2/Users?startIndex=1&count=3$' "$FAKE/requests"
}
has_shrunk() { [ "$(wc -l < "$FAKE/people")" -lt 8 ]; }

service_make
fake_start

settles "everything is read, page by page"
expect_audit "in the name of the source" '^scim:corp source.import corp .*"entries":10'
settles "by larger pages than the service gives" page_size=500
manners most=4
settles "by what the service says it gives"
manners cursor most=4
settles "by cursor"
manners bare
settles "where lists leave out members, groups are asked for one by one"
manners etag
poll
expect "with entity tags" is_polled
: > "$FAKE/requests"
expect "pages that did not change are not sent again" grep -qx 304 "$FAKE/requests"
{ group builders anna berta carla dora; group readers emma finn; group nobody; } | put groups
expect "one that did is" is_polled
world_leave || fail "the source does not end cleanly"

manners filter
poll
expect "a service that can search by time" is_polled
expect "is asked for what changed, and not for everybody" asks_for_changes
{ for name in $everybody; do person "$name"; done; person kate; } | put people
expect "somebody new" is_polled
{ for name in $everybody; do person "$name"; done; person kate disabled; } | put people
expect "who is disabled" is_polled
{ group builders anna berta carla; group readers emma finn kate; group nobody; } | put groups
expect "members come and leave" is_polled
for name in $everybody; do person "$name"; done | put people
{ group builders anna berta carla; group readers emma finn; group nobody; } | put groups
expect "who leaves is noticed by the number" is_polled
world_leave || fail "the source does not end cleanly"

manners refuse
settles "one that only says that it can is read as a whole"
manners dull
settles "one without dates too"

mv "$FAKE/groups" "$FAKE/groups.away"
{ group builders anna berta carla zoe; group readers emma finn; group nobody; } | put groups
manners
settles "a member who is not there is unknown"
mv "$FAKE/groups.away" "$FAKE/groups"
settles "until the group leaves her out"

poll
expect "everybody is known" is_polled
manners skip=u-berta
expect_facts "a list that leaves out somebody who is there is not believed" '^state stale.*leaves out somebody who is there, 3 times'
refute_facts "and removes nobody" 'entries=[0-9] '
world_leave || fail "the source does not end cleanly"
mistrusts "right after a restart it is not either" "leaves out somebody who is there, 3 times" torn_most=3
poll ask_most=0
expect_facts "only where nobody is asked for alone does it count" '^state ok .*entries=9 '
world_leave || fail "the source does not end cleanly"
manners
settles "and she comes back"
manners twice
mistrusts "a list that repeats itself" "pages do not join|names somebody twice"
manners miscount
mistrusts "a wrong number" "another number of resources|empty before the end"
manners clash
mistrusts "an id of two resources" "a user and a group have the same id"
manners html
mistrusts "a log-in page" "the answer is not JSON"
manners cut
mistrusts "an answer cut short" "people: |service: "
manners huge
mistrusts "too much" "more than 65536 bytes \(option max_message\)" max_message=64KiB
manners status=503
mistrusts "a service out of order" "status 503, the service has a fault of its own: it is .x1b"
manners status=301
mistrusts "a redirect" "status 301, redirects are not followed"
manners status=403
mistrusts "a token without rights" "status 403, the token may not read this"
manners status=404
mistrusts "another path" "no SCIM service is there|status 404"
manners status=429 after=600
poll
expect_log "a service that wants to be left alone is" "status 429.*next try in 600000 ms"
world_leave || fail "the source does not end cleanly"
manners
(umask 077 && echo "another" > "$WORLD/token")
poll "token=file:$WORLD/token"
expect_log "a refused token is not tried often" "status 401, the token is refused.*next try in 900000 ms"
expect_facts "it is a matter for a person" '^state quarantine'
world_leave || fail "the source does not end cleanly"

cp "$FAKE/people" "$FAKE/people.all"
manners shift
poll page_size=4
expect "a list that shrinks while it is read loses nobody but those who went" has_shrunk
manners
expect "and comes right" is_polled
world_leave || fail "the source does not end cleanly"
put people < "$FAKE/people.all"
settles "everybody is back"

manners rubbish=u-carla
poll
expect_facts "one that cannot be understood" '^state ok.*1 cannot be understood, such as: resource .u-carla.: .*userName'
refute_facts "keeps what it was" 'entries=9 '
{ for name in $everybody; do person "$name"; done; person kate; } | put people
expect_facts "and holds up nobody" '^person u-kate u-kate kate@example.com'
world_leave || fail "the source does not end cleanly"
manners
put people < "$FAKE/people.all"
settles "and can be mended"

: | put people
poll
expect_facts "an empty service is doubted" '^state suspect'
refute_facts "and everybody stays" 'entries=[0-9] '
kill -USR2 "$WORLD_PID"
expect_facts "until a person says that it is so" '^state ok.*entries=0 '
world_leave || fail "the source does not end cleanly"
! grep LeakSanitizer "$WORLD/log" || fail "something was not given back"
