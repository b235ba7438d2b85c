#!/bin/sh
# SPDX-License-Identifier: ISC
# What an Active Directory allows an account, and where OpenLDAP's log of changes is, as a person is told before anything
# is read.
. "$top_srcdir/tests/source/world.sh"
command -v jq > /dev/null || { echo "SKIP: jq is missing"; exit 77; }

# shellcheck disable=SC2086 # the options have no blanks
look() {
	"$top_builddir/tests/source/source_harness" try "$top_builddir/daemon/sourced/apiuserd-source" - \
		"servers=$WORLD_URL" "bind_dn=$SLAPD_READER" "password=file:$WORLD/ldap/password" \
		"people_base=$PEOPLE" "people_filter=(objectClass=inetOrgPerson)" \
		"groups_base=$GROUPS_BASE" "groups_filter=(objectClass=groupOfNames)" $WORLD_OPTIONS "$@" > "$WORLD/report"
}
says() { jq -e "$2" "$WORLD/report" > /dev/null || { jq . "$WORLD/report" >&2; fail "$1"; }; echo "ok: $1"; }
finds() { says "$1" "any(.findings[]; .level == \"$2\" and (.text | test(\"$3\")))"; }

# Each line does the same by hand.
lines_work() {
	jq -r '.commands[], .searches[].commands[]' "$WORLD/report" > "$WORLD/lines"
	[ -s "$WORLD/lines" ] || fail "there are no lines"
	while read -r line; do
		sh -c "$line" < /dev/null > "$WORLD/last" 2>&1 || { cat "$WORLD/last" >&2; fail "this fails: $line"; }
	done < "$WORLD/lines"
	echo "ok: the lines work by hand"
}

world_make_ad
samba_account plain
look
says "Samba's Active Directory is known, and by what" '.server | .vendor == "samba" and (.vendor_why | test("Samba"))'
says "and followed by DirSync" '.server.way | test("DirSync")'
says "everybody is counted" '.searches[0].total == 10 and .searches[1].total == 2'
says "the bit that disables is asked for" '.searches[0].inactive_by[0].test | test("userAccountControl")'
says "members are looked up" '[.searches[1].entries[].first_members[]? | .is] | length > 0 and all(. == "person")'
says "an account with the rights misses nothing" '[.findings[] | select(.level != "note")] == []'
lines_work
world_log_in plain
look
finds "one without is told which" warning 'DS-Replication-Get-Changes'
