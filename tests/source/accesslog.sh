#!/bin/sh
# SPDX-License-Identifier: ISC
# Changes of a large group are taken from OpenLDAP's log of changes: as long as that proves what happened, members are not
# read for them, whoever is killed.
. "$top_srcdir/tests/source/world.sh"

CROWD=12000

# The attributes and members of a large group of strangers.
crowd() {
	printf 'objectClass: groupOfNames\ncn: crowd\n'
	strangers 0
}
strangers() {
	awk -v from="$1" -v n=$CROWD -v people="$PEOPLE" \
		'BEGIN { for (i = from; i < n; i++) printf "member: uid=stranger%d,%s\n", i, people }'
}

# How often we asked for members, of one group or of all that changed: since forget_reads.
count_all() { grep -c 'SRCH attr=.* member ' "$WORLD/ldap/slapd.log"; }
forget_reads() { READS=$(count_all); }
has_read() { [ $(($(count_all) - READS)) -eq "$1" ]; }
# Whether groups are followed without their members just now; by another connection than that of probes and comparisons.
is_slim() {
	awk '
	/SRCH base="" / { side[$3] = 1 }
	/SRCH base="ou=groups,.*scope=2 .*filter="\(objectClass=groupOfNames\)"/ { search = $3 " " $4 }
	/SRCH attr=/ && search == $3 " " $4 && !side[$3] { line = $0 }
	END { print line; exit line == "" || line ~ / member / }' "$WORLD/ldap/slapd.log"
}
# told NAME: the store holds what the directory holds, and nobody asked for members since forget_reads
told() {
	expect_same "$1"
	has_read 0 || fail "$1: members were read"
	is_slim || fail "$1: members come unasked"
}
# was_read NAME COUNT: the same, but they were asked for so often
was_read() {
	expect_same "$1"
	expect "$1: members were read" has_read "$2"
	forget_reads
}

world_make refint accesslog
crowd | change "cn=crowd,$GROUPS_BASE" add
hire kate
hire liam
# So many changes are no mishap here.
world_watch removals_few=1000000
expect_same "a large group is read"
expect_log "the log of changes is followed" 'level=info .*accesslog: in use for large groups"'
expect "and groups without their members" is_slim
forget_reads

member add crowd kate
told "a member joins"
expect_audit "which is one member in the audit" 'group.members .*"added":\["uid=kate,[^"]*"\]'
member delete crowd stranger7
told "a stranger leaves"
printf 'add: member\nmember: uid=liam,%s\n-\ndelete: member\nmember: uid=stranger8,%s\n-\ndelete: member\nmember: uid=kate,%s\n' \
	"$PEOPLE" "$PEOPLE" "$PEOPLE" | change "cn=crowd,$GROUPS_BASE" modify
told "several come and go at once"
printf 'replace: description\ndescription: many\n' | change "cn=crowd,$GROUPS_BASE" modify
told "something else is changed"
(member add crowd liam) 2> /dev/null
member add crowd kate
told "what is refused changes nothing"

# Members of other groups are few: they are read.
member add builders kate
was_read "a small group is read" 1

# Nobody tells that refint rewrites groups, not even the log.
rename liam leo
was_read "a rename is followed into the group that is rewritten unseen" 1
member delete crowd leo
told "and the group goes on from there"
member add crowd leo
told "with the new name"
fire leo
was_read "a person who goes leaves the group" 1
member delete crowd kate
told "and it goes on"

# What the log does not tell one by one
{ echo 'replace: member'; strangers 100; } | change "cn=crowd,$GROUPS_BASE" modify
was_read "members who are replaced are read" 1
member add crowd kate
told "and the group goes on from there"
printf 'newrdn: cn=throng\ndeleteoldrdn: 1\n' | change "cn=crowd,$GROUPS_BASE" modrdn
was_read "a group that is renamed is read" 1
printf 'newrdn: cn=crowd\ndeleteoldrdn: 1\n' | change "cn=throng,$GROUPS_BASE" modrdn
was_read "and again" 1
change "cn=crowd,$GROUPS_BASE" delete < /dev/null
told "a group that is gone is not read"
crowd | change "cn=crowd,$GROUPS_BASE" add
was_read "another group of that name is" 1
member add crowd kate
told "and goes on as the other did"

# The same session after another: the server is killed, and changes while nobody listens.
slapd_kill
slapd_start_again
member add crowd stranger9000000
expect_same "a server that was killed is found again"
expect "and groups are followed without their members" is_slim
forget_reads
port=$SLAPD_PORT tls_port=$SLAPD_TLS_PORT
slapd_kill
slapd_start
member delete crowd kate
member delete crowd stranger9
member add crowd stranger7000000
slapd_kill
SLAPD_PORT=$port SLAPD_TLS_PORT=$tls_port
slapd_start_again
told "what happened while nobody listened is in the log"
member add crowd kate
told "and it goes on"

# Many, in one go
{
	for number in $(seq 100 160); do
		printf 'dn: cn=crowd,%s\nchangetype: modify\ndelete: member\nmember: uid=stranger%d,%s\n\n' "$GROUPS_BASE" \
			"$number" "$PEOPLE"
		printf 'dn: cn=crowd,%s\nchangetype: modify\nadd: member\nmember: uid=other%d,%s\n\n' "$GROUPS_BASE" \
			"$number" "$PEOPLE"
	done
} | slapd_modify
told "many changes are told"

# A process of ours begins with the whole list, once it has changed.
kill -KILL "$(cat "$WORLD/out/pid")"
expect_facts "the helper is started again" '^state ok complete=1'
sleep 0.1
member delete crowd kate
expect_same "a helper that was killed goes on"
expect "and follows groups without their members again" is_slim
forget_reads
member add crowd kate
told "and takes changes from it"
refute_facts "no drift was found in all that" 'drift=[1-9]'
kill -USR1 "$WORLD_PID"
expect_same "a whole reading finds nothing else"
refute_facts "and no drift" 'drift=[1-9]'
world_leave || fail "the source does not end cleanly"
