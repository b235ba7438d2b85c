#!/bin/sh
# SPDX-License-Identifier: ISC
# A SCIM service of two servers, of which one may be down, or behind the other: nobody goes by that.
. "$top_srcdir/tests/source/service.sh"

OTHER=$WORLD/other
both() { put people < "$1" && cp "$1" "$OTHER/people.new" && mv "$OTHER/people.new" "$OTHER/people"; }
was_read_at() { grep -q "^/scim/v2/Groups?" "$1/requests"; }
# asked_twice DIR ID: twice about this person alone
asked_twice() { [ "$(grep -c "^/scim/v2/Users/$2$" "$1/requests")" -ge 2 ]; }
has_nobody_asked() { [ ! -s "$1/requests" ]; }

service_make
for name in $everybody; do echo "$(person "$name") at=1000"; done | put people
mkdir "$OTHER"
cp "$FAKE/people" "$FAKE/groups" "$FAKE/token" "$FAKE/manners" "$OTHER"
{ cat "$OTHER/people"; echo "$(person kate) at=2000"; } | put people
sed 's/^\(u-berta.*\) at=1000/\1 disabled at=2000/' "$FAKE/people" | put people
cp "$FAKE/people" "$WORLD/newest"
fake_start "$OTHER"
OTHER_URL=$FAKE_URL
fake_start
: > "$FAKE/requests"
: > "$OTHER/requests"

poll "other_urls=$OTHER_URL"
expect "the first server is read" is_polled
expect_log "and told of" "$FAKE_URL is scim: polled, by index .RFC 7644 section 3.4.2.4.; clear text"
has_nobody_asked "$OTHER" || fail "the other one was asked"
fake_end
expect "when it fails the other one is" was_read_at "$OTHER"
expect_log "and told of" "$OTHER_URL is scim: "
expect "who is not there is asked for" asked_twice "$OTHER" u-kate
expect "and stays, as long as the one that had her cannot be asked; nor is anything undone" is_polled
refute_audit "not for a moment" 'entry.(remove|change) '

grep -v '^u-jan ' "$OTHER/people" > "$OTHER/people.new" && mv "$OTHER/people.new" "$OTHER/people"
grep -v '^u-jan ' "$FAKE/people" | put people
expect "who was there, and is not any more, goes" is_polled

fake_start
FIRST_URL=$FAKE_URL
: > "$OTHER/requests"
: > "$FAKE/requests"
expect "the one in use stays in use" was_read_at "$OTHER"
expect "although the first one is there, and says of her that she is" asked_twice "$FAKE" u-kate
! grep -qE '/(Users|Groups)\?' "$FAKE/requests" || fail "the first one was read"
world_leave || fail "the source does not end cleanly"

# A process that knows nothing of who showed whom.
grep -v '^u-kate ' "$FAKE/people" > "$OTHER/people.new" && mv "$OTHER/people.new" "$OTHER/people"
FAKE_URL=$OTHER_URL
poll "other_urls=$FIRST_URL"
expect "after a restart it is enough that one has her" asked_twice "$FAKE" u-kate
expect "who is not in the list" is_polled
grep -v '^u-kate ' "$FAKE/people" | put people
expect "until none has" lacks_facts 'u-kate'
both "$WORLD/newest"
expect "a server that comes up with the other is believed" is_polled
world_leave || fail "the source does not end cleanly"
! grep LeakSanitizer "$WORLD/log" || fail "something was not given back"
