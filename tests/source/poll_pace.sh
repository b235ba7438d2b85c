#!/bin/sh
# SPDX-License-Identifier: ISC
# SCIM services that are busy, forgetful, or bad at counting: they are waited for, read again, and nobody goes.
. "$top_srcdir/tests/source/service.sh"

was_busy() { grep -q '^busy ' "$FAKE/requests"; }
count_asked() { grep -c -e "$1" "$FAKE/requests"; }
is_forgotten() { [ ! -e "$FAKE/forget" ]; }

service_make
fake_start

# In the middle of a reading: it goes on where it was, instead of from the beginning.
manners busy=4 after=1
: > "$FAKE/requests"
poll poll_interval=1h confirm_after=1h
expect "a service that wants to be left alone for a second is" is_polled
was_busy || fail "it was never busy"
[ "$(count_asked '/Users?startIndex=1&')" -le 2 ] || fail "the reading began anew"
world_leave || fail "the source does not end cleanly"
manners busy=4 status=503 after=1
settles "so is one that is out of order for a second"
manners busy=3
settles "and one that does not say for how long" wait_most=200ms
manners busy=1 after=3
poll wait_most=2s
expect_facts "one that wants to be left alone for longer is told of" '^state stale .*status 429'
expect_log "and asked after that time" 'status 429.*next try in 3000 ms'
world_leave || fail "the source does not end cleanly"

manners
: > "$FAKE/requests"
poll max_rate=5 poll_interval=100ms confirm_after=1h
expect "a service is read however slowly" is_polled
since=$(date +%s)
before=$(count_asked /)
sleep 2
asked=$(($(count_asked /) - before))
# five each second, those of a second that is not over, and what was saved up
most=$((5 * ($(date +%s) - since + 1) + 5))
[ "$asked" -le "$most" ] || fail "$asked requests are more than $most"
world_leave || fail "the source does not end cleanly"

manners cursor most=3
touch "$FAKE/forget"
poll
expect "a service that forgets a cursor" is_forgotten
expect "is read anew" is_polled
refute_facts "and nobody goes" 'entries=[0-9] '
world_leave || fail "the source does not end cleanly"
manners cursor forgets most=3
mistrusts "one that always does" "its cursor is not known any more, 3 times in a row"

manners wobble
settles "pages of any size are pages"
settles "many as well as few" page_size=5
manners most=1
settles "one at a time, too"
manners miscount
settles "a service that cannot count is read to the end" trust_total=false
poll trust_total=false
expect "everybody is known" is_polled
grep -v '^u-emma ' "$FAKE/people" | put people
expect "and who goes is noticed" is_polled
person emma >> "$FAKE/people"
expect "as is who comes back" is_polled
manners miscount twice
expect_facts "although not if it repeats itself" '^state stale .*(pages do not join|names somebody twice)'
refute_facts "and nobody goes" 'entries=[0-9] '
world_leave || fail "the source does not end cleanly"
manners miscount most=1
settles "nor if it gives one at a time" trust_total=false
! grep LeakSanitizer "$WORLD/log" || fail "something was not given back"
