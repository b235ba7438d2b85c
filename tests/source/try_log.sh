#!/bin/sh
# SPDX-License-Identifier: ISC
# What an OpenLDAP shows to somebody who looks before anything is read: whether a log of changes can be used, how dynamic
# groups find their members, and whether the canaries are seen.
. "$top_srcdir/tests/source/world.sh"
. "$top_srcdir/tests/source/look.sh"

world_make accesslog dyngroup
member add builders dave
look
says "the log is found" '.server.log == "cn=accesslog"'
says "and nothing is missing" '.findings == []'
look accesslog=cn=elsewhere
says "one that is not there is told" 'any(.findings[]; .level == "note" and (.text | test("no log of changes")))'
look accesslog_from=0
says "one that is not wanted is not looked for" '(.server | has("log") | not) and .findings == []'

look "people_canaries=uid=anna,$PEOPLE uid=nobody,$PEOPLE 11111111-2222-3333-4444-555555555555" \
	"groups_canaries=uid=bert,$PEOPLE"
says "canaries are looked for" '[.canaries[] | .search + " " + .is] == ["people seen", "people absent", "people left", "groups other"]'
finds "one that is not there is told" warning 'people_canaries: .uid=nobody,.* is not seen: there is no such entry.*held'
finds "and one of the wrong kind" warning 'groups_canaries: .uid=bert,.* is not seen: it does not match the filter'

printf 'objectClass: groupOfURLs\ncn: staff\nmemberURL: ldap:///%s??one?(uid=a*)\nmemberURL: ldap://elsewhere/%s??sub?(uid=b*)\n' \
	"$PEOPLE" "$PEOPLE" | change "cn=staff,$GROUPS_BASE" add
look "groups_filter=(objectClass=groupOfURLs)"
says "a dynamic group's search is shown" \
	'.searches[1].entries[0].searches | length == 1 and (.[0] | (.filter | test("[(]uid=a[*][)]")) and (.base | test("^ou=people")))'
finds "and why another one is not run" warning 'cn=staff.*not all of its members would be known: .*names a server'
lines_work
jq -r '.searches[1].commands[] | select(test("-s one .*uid=a"))' "$WORLD/report" | sh > "$WORLD/last" || fail "the line of the search fails"
[ "$(grep -c '^dn: uid=anna,' "$WORLD/last")" -eq 1 ] || { cat "$WORLD/last"; fail "the line finds somebody else"; }
echo "ok: whose line finds who is in it"
