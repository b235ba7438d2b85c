# SPDX-License-Identifier: ISC
# shellcheck shell=bash disable=SC2154,SC2034 # shared with lib.sh
# The directory of a system test: slapd with people who stand for applications, and one group.  Sourced by lib.sh.

# shellcheck source=tests/system/slapd.sh
. "$top_srcdir/tests/system/slapd.sh"
suffix=$SLAPD_SUFFIX
people=ou=people,$suffix
group=cn=api-rpa,ou=groups,$suffix

application() { # application NUMBER: its entry
	printf 'dn: uid=app-%d,%s\nobjectClass: inetOrgPerson\nuid: app-%d\ncn: Application %d\ngivenName: Application\n' "$1" "$people" "$1" "$1"
	printf 'sn: Number %d\nmail: app-%d@apps.example\n\n' "$1" "$1"
}

applications() {
	local number
	printf 'dn: ou=moved,%s\nobjectClass: organizationalUnit\nou: moved\n\n' "$people"
	for ((number = 1; number <= people_count; number++)); do application "$number"; done
	printf 'dn: %s\nobjectClass: groupOfNames\ncn: api-rpa\nmember: cn=nobody,%s\n' "$group" "$suffix"
	for number in $members_at_start; do printf 'member: uid=app-%d,%s\n' "$number" "$people"; done
}

directory_start() {
	if [ -d "$work/slapd" ]; then
		slapd_start_again
	else
		slapd_make "$work/slapd" refint
		applications | slapd_load
		slapd_start
	fi
}
directory_stop() { slapd_stop || true; }
directory_crash() { slapd_kill || true; }

# LDIF of changes on standard input.
change() { slapd_modify; }

join() { printf 'dn: %s\nchangetype: modify\nadd: member\nmember: uid=app-%d,%s\n' "$group" "$1" "$people" | change; }
leave() { printf 'dn: %s\nchangetype: modify\ndelete: member\nmember: uid=app-%d,%s\n' "$group" "$1" "$people" | change; }
empty_the_group() {
	printf 'dn: %s\nchangetype: modify\nreplace: member\nmember: cn=nobody,%s\n' "$group" "$suffix" | change
}

# Names of the people who are in the group now, sorted.
members() {
	slapd_find "$group" '(objectClass=*)' member | sed -n 's/^member: uid=\([^,]*\),.*/\1/p' | LC_ALL=C sort
}
