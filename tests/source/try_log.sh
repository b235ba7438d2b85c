#!/bin/sh
# SPDX-License-Identifier: ISC
# Whether a log of changes can be used is told before it is needed, and which right is missing.
. "$top_srcdir/tests/source/world.sh"
command -v jq > /dev/null || { echo "SKIP: jq is missing"; exit 77; }

look() {
	"$top_builddir/tests/source/source_harness" try "$top_builddir/daemon/sourced/apiuserd-source" - \
		"servers=$WORLD_URL" "bind_dn=$SLAPD_READER" "password=file:$WORLD/ldap/password" \
		"people_base=$PEOPLE" "groups_base=$GROUPS_BASE" "$@" > "$WORLD/report"
}
says() { jq -e "$2" "$WORLD/report" > /dev/null || { jq . "$WORLD/report" >&2; fail "$1"; }; echo "ok: $1"; }

world_make accesslog
member add builders dave
look
says "the log is found" '.server.log == "cn=accesslog"'
says "and nothing is missing" '.findings == []'
look accesslog=cn=elsewhere
says "one that is not there is told" 'any(.findings[]; .level == "note" and (.text | test("no log of changes")))'
look accesslog_from=0
says "one that is not wanted is not looked for" '(.server | has("log") | not) and .findings == []'
