# SPDX-License-Identifier: ISC
# A look at the directory of world.sh, which must have been read before, as `apiuserctl source test` takes it.
#
#   look [OPTION=VALUE...]      look; what was found is in $WORLD/report
#   says NAME FILTER            it is so, as jq sees it
#   finds NAME LEVEL PATTERN    a finding of that level matches
#   misses_nothing NAME         there is no finding worth more than a note
#   lines_work                  each line that it prints does the same by hand
command -v jq > /dev/null || { echo "SKIP: jq is missing"; exit 77; }

# shellcheck disable=SC2086 # the options have no blanks
look() {
	"$top_builddir/tests/source/source_harness" try "$top_builddir/daemon/sourced/apiuserd-source" - \
		"servers=$WORLD_URL" "bind_dn=$SLAPD_READER" "password=file:$WORLD/ldap/password" \
		"people_base=$PEOPLE" "groups_base=$GROUPS_BASE" $WORLD_FILTERS $WORLD_OPTIONS "$@" > "$WORLD/report"
}
says() { jq -e "$2" "$WORLD/report" > /dev/null || { jq . "$WORLD/report" >&2; fail "$1"; }; echo "ok: $1"; }
finds() { says "$1" "any(.findings[]; .level == \"$2\" and (.text | test(\"$3\")))"; }
misses_nothing() { says "$1" '[.findings[] | select(.level != "note")] == []'; }

lines_work() {
	jq -r '.commands[], .searches[].commands[]' "$WORLD/report" > "$WORLD/lines"
	[ -s "$WORLD/lines" ] || fail "there are no lines"
	while read -r line; do
		sh -c "$line" < /dev/null > "$WORLD/last" 2>&1 || { cat "$WORLD/last" >&2; fail "this fails: $line"; }
	done < "$WORLD/lines"
	echo "ok: the lines work by hand"
}
