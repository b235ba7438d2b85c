#!/bin/sh
# SPDX-License-Identifier: ISC
# One user of a SCIM service is read anew with a group, by id, long before the service is read again.
. "$top_srcdir/tests/source/service.sh"

has_answer() { grep -qxE -e "$1" "$WORLD/out/fresh"; }

# asks NAME ANSWER, whom on stdin
asks() {
	cat > "$WORLD/out/whom"
	rm -f "$WORLD/out/fresh"
	kill -HUP "$WORLD_PID"
	expect "$1" has_answer "$2"
}

service_make
fake_start
poll poll_interval=1h full_compare=1h
expect_facts "the service is read" '^state ok complete=1 '
{ for name in $everybody; do person "$name"; done | sed 's/ anna@example.com/ anna@new.example/'; } | put people
{ group builders anna berta carla dora; group readers emma anna; group nobody; } | put groups
printf '%s\n' u-anna g-readers | asks "a user and a group are read" 'found 1'
expect_facts "the new address" '^person u-anna .*anna@new.example$'
expect_facts "the new membership" '^member g-readers u-anna known$'
{
	for name in $everybody; do [ "$name" = anna ] || person "$name"; done | sed 's/ berta@example.com/ berta@new.example/'
} | put people
echo u-anna | asks "a user who is gone is told to be" 'absent 0'
echo u-berta | asks "another one is read" 'found 0'
expect_facts "after that" '^person u-berta .*berta@new.example$'
has_facts '^person u-anna ' || fail "a single reading has removed somebody"
fake_end
expect_facts "a service that is gone" '^state '
echo u-berta | asks "does not say anything" '(unknown 0|trouble: .*)'
world_leave || fail "the source does not end cleanly"
