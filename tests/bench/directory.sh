#!/bin/sh
# SPDX-License-Identifier: ISC
# A directory for benchmarks: directory.sh PEOPLE.  Prints "URL READER PASSWORD-FILE PEOPLE-BASE GROUPS-BASE ADMIN
# ADMIN-PASSWORD-FILE PID" once it runs, and ends it when stdin does.  One group holds everybody,
# and changes are logged.
set -u
. "$top_srcdir/tests/system/slapd.sh"

folder=$(mktemp -d "${TMPDIR:-/tmp}/bench.XXXXXX") || exit 1
trap 'slapd_stop; rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM

SLAPD_MAXSIZE=$((1073741824 + $1 * 8192)) # a person and a membership take less
slapd_make "$folder" accesslog
awk -v n="$1" -v suffix="$SLAPD_SUFFIX" 'BEGIN {
	for (i = 0; i < n; i++) {
		u = sprintf("user%06d", i)
		printf "dn: uid=%s,ou=people,%s\nobjectClass: inetOrgPerson\nuid: %s\ncn: Some %s Name\nsn: Name%d\n", u, suffix, u, u, i
		printf "givenName: Some\nmail: %s@bench.example.com\ntelephoneNumber: +49 30 %d\n\n", u, i
	}
	printf "dn: cn=everybody,ou=groups,%s\nobjectClass: groupOfNames\ncn: everybody\n", suffix
	for (i = 0; i < n; i++) printf "member: uid=user%06d,ou=people,%s\n", i, suffix
	print ""
}' | slapd_load
slapd_start
echo "$SLAPD_URL $SLAPD_READER $folder/password ou=people,$SLAPD_SUFFIX ou=groups,$SLAPD_SUFFIX $SLAPD_ADMIN $folder/admin-password $SLAPD_PID"
cat > /dev/null
