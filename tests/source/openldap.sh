#!/bin/sh
# SPDX-License-Identifier: ISC
# What an OpenLDAP server does and does not tell, when it is set up as it comes or for little load.
. "$top_srcdir/tests/source/world.sh"

# again WORD...: the same company, in a directory of another kind, and an empty store
again() {
	world_leave || fail "the source does not end cleanly"
	slapd_stop
	rm -rf "$WORLD/ldap" "$WORLD/store"* "$WORLD/out"
	world_make "$@"
}

interns='people_filter=(employeeType=intern)'
intern() { printf 'replace: employeeType\nemployeeType: %s\n' "$2" | change "uid=$1,$PEOPLE" modify; }

# leaves NAME: who leaves the filter goes, live and while nobody listens
leaves() {
	intern anna intern
	intern bert intern
	intern cleo intern
	world_watch "$interns"
	expect_facts "$1: a filter finds three" '^state ok complete=1 entries=3 '
	intern dave intern
	expect_facts "$1: who comes into the filter comes" '^state ok complete=1 entries=4 '
	intern anna manager
	expect_facts "$1: who leaves the filter goes" '^state ok complete=1 entries=3 '
	world_leave || fail "the source does not end cleanly"
	intern dave manager
	world_watch "$interns"
	expect_facts "$1: also while nobody listens" '^state ok complete=1 entries=2 '
	refute_facts "$1: no drift was found" 'drift=[1-9]'
}

world_make
leaves "with a session log"
again nolog
leaves "without a session log"
hire kate
intern kate intern
expect_facts "and the following goes on" '^person .*uid=kate,'

# Each search that is followed holds a place among half of the threads; what does not get one waits for ever.
again threads=2
world_watch full_compare=1s
expect_same "with two threads everything is read"
printf 'add: member\nmember: uid=kate,%s\n' "$PEOPLE" | change "cn=builders,$GROUPS_BASE" modify
expect_facts "a member that is not there yet" '^member cn=builders,.* uid=kate,.* unknown$'
hire kate
expect_same "and comes, is followed beside probes, look-ups and comparisons"

again nosync
world_watch poll_interval=1s
expect_log "without syncprov a directory is polled" ' is openldap: polled, as the server does not let us'
expect_same "and read"
hire kate
member add builders kate
expect_same "a person and a member are added"
rename kate kitty
expect_same "a rename is seen"
fire kitty
expect_same "and a removal"

again memberof
{ slapd_group readers anna bert cleo; } | sed '/^dn: /a changetype: add' | slapd_modify
world_watch "people_filter=(memberOf=cn=readers,$GROUPS_BASE)" poll_interval=1s
expect_log "a filter on memberOf cannot be followed" ' is openldap: polled, as .* filter'
expect_facts "so it is polled" '^state ok complete=1 entries=3 '
member add readers emma
expect_facts "who becomes a member comes" '^state ok complete=1 entries=4 '
member delete readers emma
expect_facts "who is no longer one goes" '^state ok complete=1 entries=3 '

# The server takes any cookie and answers to rubbish as if it were new: nobody would ever be missed.
again
world_watch
expect_same "everything is read"
world_leave || fail "the source does not end cleanly"
fire jack
sqlite3 "$(find "$WORLD/store" -name apiuserd.db)" "UPDATE cookie SET cookie = 'rid=000,csn=2026'" ||
	fail "the store has no cookies"
world_watch
expect_same "a damaged cookie is not sent, and who is gone is missed"

# An entry that stands for a part of the directory that is elsewhere
printf 'dn: ou=far,%s\nchangetype: add\nobjectClass: referral\nobjectClass: extensibleObject\nou: far\nref: ldap://127.0.0.1:1/ou=far,%s\n\n' \
	"$PEOPLE" "$PEOPLE" | ldapmodify -M -x -H "$SLAPD_URL" -D "$SLAPD_ADMIN" -y "$WORLD/ldap/admin-password" > /dev/null ||
	fail "the referral is refused"
kill -USR1 "$WORLD_PID"
expect_facts "an answer of which a part is elsewhere is not whole" '^state stale .*refers to another'
has_facts 'entries=9 ' || fail "people are removed"
printf 'dn: ou=far,%s\nchangetype: delete\n\n' "$PEOPLE" |
	ldapmodify -M -x -H "$SLAPD_URL" -D "$SLAPD_ADMIN" -y "$WORLD/ldap/admin-password" > /dev/null ||
	fail "the referral stays"
expect_same "without it, it is"
world_leave || fail "the source does not end cleanly"

# A server of which nothing is known is never asked to go on from a cookie.
again
world_watch vendor=generic
expect_same "as a directory of an unknown kind it is read"
hire kate
expect_same "and followed"
world_leave || fail "the source does not end cleanly"
fire kate
hire lena
world_watch vendor=generic
expect_same "who left and who came meanwhile is found"
slapd_kill
slapd_start_again
hire mona
expect_same "and who came when the server had been gone"
sqlite3 "$(find "$WORLD/store" -name apiuserd.db)" "SELECT text FROM reading ORDER BY num" > "$WORLD/readings"
# Once for each process and once more for the connection, of people and of groups.
[ "$(grep -c '"kind":"whole"' "$WORLD/readings")" -ge 6 ] || fail "not everything is read anew"
if grep '"kind":"resume"' "$WORLD/readings" >&2; then
	fail "it was asked to go on from a cookie"
fi
echo "ok: always from the beginning"
world_leave || fail "the source does not end cleanly"
