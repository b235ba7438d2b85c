#!/bin/sh
# SPDX-License-Identifier: ISC
# A SCIM service that is polled is a source like any other, and whatever it does wrong removes nobody.
. "$top_srcdir/tests/source/world.sh"
command -v python3 > /dev/null || { echo "SKIP: python3 is missing"; exit 77; }

FAKE=$WORLD/service
FAKE_PID=
fake_end() {
	[ -n "$FAKE_PID" ] || return 0
	kill "$FAKE_PID"
	wait "$FAKE_PID" 2> /dev/null
	FAKE_PID=
}
trap 'fake_end; world_end' EXIT

fake_start() {
	rm -f "$FAKE/port"
	python3 "$top_srcdir/tests/source/fake_scim.py" "$FAKE" &
	FAKE_PID=$!
	expect "the service listens" test -s "$FAKE/port"
}

# manners [WORD...]: how the service behaves from now on
manners() { echo "$*" > "$FAKE/manners"; }

# person NAME [disabled], group NAME [MEMBER...]: a line of the service's
person() { echo "u-$1 $1 $1@example.com ${2-}"; }
group() {
	group_name=$1
	shift
	printf 'g-%s %s' "$group_name" "$group_name"
	[ $# -eq 0 ] || printf ' u-%s' "$@"
	echo
}

# A file is replaced as a whole, for it is read at any time.
put() { cat > "$FAKE/$1.new" && mv "$FAKE/$1.new" "$FAKE/$1"; }

poll() {
	rm -f "$WORLD/out/facts"
	"$top_builddir/tests/source/source_harness" "$WORLD/store" "$top_builddir/daemon/sourced/apiuserd-source" "$WORLD/out" \
		kind=scim "url=http://127.0.0.1:$(cat "$FAKE/port")/scim/v2/" "token=file:$FAKE/token" \
		retry_cap=300ms poll_interval=300ms confirm_after=200ms page_size=3 "$@" >> "$WORLD/log" 2>&1 &
	WORLD_PID=$!
}

# What the service's files say, in the words of the facts.
wanted() {
	awk '
	FILENAME ~ /people$/ && NF { known[$1] = 1; print "person", $1, $1, $3 ($4 == "disabled" ? " disabled" : "") }
	FILENAME ~ /groups$/ && NF {
		print "group", $1, $1
		for (i = 3; i <= NF; i++) print "member", $1, $i, ($i in known) ? "known" : "unknown"
	}' "$FAKE/people" "$FAKE/groups" | sort
}

is_polled() {
	has_facts '^state ok complete=1' || return 1
	wanted > "$WORLD/wanted"
	grep -vE '^state ' "$WORLD/out/facts" | sort > "$WORLD/held"
	diff "$WORLD/wanted" "$WORLD/held"
}

# settles NAME [OPTION...]: a fresh process comes to hold what the service has
settles() {
	settles_name=$1
	shift
	poll "$@"
	expect "$settles_name" is_polled
	world_leave || fail "the source does not end cleanly"
}

# mistrusts NAME PATTERN [OPTION...]: the state's text matches, and everybody stays
mistrusts() {
	mistrusts_name=$1
	mistrusts_pattern=$2
	shift 2
	poll "$@"
	expect_facts "$mistrusts_name is told as what it is" "^state (stale|quarantine).*text=.*$mistrusts_pattern"
	refute_facts "and removes nobody" 'entries=[0-9] '
	world_leave || fail "the source does not end cleanly"
}

# A reading of everything may be due at first, to confirm what an earlier one missed.
asks_for_changes() {
	: > "$FAKE/requests"
	sleep 1
	grep -q 'Users.*filter=meta.lastModified' "$FAKE/requests" &&
		! grep -q '^/scim/v2/Users?startIndex=1&count=3$' "$FAKE/requests"
}
has_shrunk() { [ "$(wc -l < "$FAKE/people")" -lt 8 ]; }

mkdir "$WORLD/out" "$FAKE"
: > "$WORLD/log"
(umask 077 && echo "a token of the tests" > "$FAKE/token")
everybody="anna berta carla dora emma finn greta hans ida jan"
for name in $everybody; do person "$name"; done | put people
{
	group builders anna berta carla dora
	group readers emma
	group nobody
} | put groups
manners
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
