#!/bin/bash
# SPDX-License-Identifier: ISC
# `source test`: what a person is told of a directory is what is there, the lines that are printed do the same by hand,
# and nothing changes by it.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

people_count=7
members_at_start='1 2'
reconcile_options='interval = "1h"; guard_count = 100; guard_percent = 100;'
source_options='retry_cap = "500ms"; probe_interval = "1h"; attr_mail = "otherMailbox | mail"; attr_display_name = "${cn}, ${sn}";
	disabled = [ "employeeType=gone", "loginShell=/bin/false" ]; attr_family_name = "initials";'
system_start
printf 'dn: uid=app-5,%s\nchangetype: modify\nadd: employeeType\nemployeeType: Gone\n' "$people" | change
wait_for "what is wanted is there" same_as_directory

report=$work/report.json
look() { # look CODE ARGUMENT...: the report, and what apiuserctl must end with
	local code=$1 got=0
	shift
	ctl --json source test corp "$@" >"$report" || got=$?
	[ "$got" = "$code" ] || { cat "$report"; die "source test $*: exit $got, not $code"; }
}
says() { jq -e "$1" "$report" >/dev/null || { jq . "$report" | tail -n 80; die "the report does not say: $1"; }; }
finds() { says "any(.findings[]; .level == \"$1\" and (.text | test(\"$2\")))"; }

# All of it stays as it is, every row of the store.
quiet() { [ "$(ctl --json status | jq -r '.dirty + .steps.queued + .steps.running')" = 0 ]; }
store_state() { store_query .dump; }
wait_for "everything is done" quiet
ctl source pause corp
wait_for "nothing goes on any more" eval '! child_of_daemon apiuserd-source'
store_state >"$work/before"
grep -q "INSERT INTO cookie" "$work/before" || die "there are no cookies to be kept"
look 2
store_state >"$work/after"
diff "$work/before" "$work/after" || die "looking changes the store"
say "a test writes nothing, and works on a source that is paused"
wait_for "its process ends" eval '! child_of_daemon apiuserd-source'

says '.source == "corp" and .kind == "ldap"'
says ".server | .url == \"$SLAPD_TLS_URL\" and (.cover | test(\"^TLSv1\")) and .login == \"$SLAPD_READER\""
says ".server.whoami | ascii_downcase == (\"dn:$SLAPD_READER\" | ascii_downcase)"
says '.server.vendor == "openldap" and (.server.vendor_why | test("OpenLDAProotDSE")) and (.server.way | test("4533"))'
says ".server.contexts | index(\"$suffix\")"
says '.server.controls[] | select(.oid == "1.2.840.113556.1.4.319").name | test("pages")'
says '.searches[0] | .search == "people" and .total == 17 and .total_is_whole and .read == 17 and .inactive == 1'
says '.searches[0].inactive_by[] | select(.test == "employeeType=gone").inactive == 1'
says '.searches[0].attributes[] | select(.name == "otherMailbox").found == 0'
says '.searches[0].entries | length == 3'
says '.searches[0].entries[0].texts[] | select(.option == "attr_mail") |
	.expression == "otherMailbox | mail" and .from == "mail" and (.value | test("^[a-z]+@example.com$"))'
says '.searches[0].entries[0].texts[] | select(.option == "attr_display_name").value | test("^[a-z]+ example, example$")'
says '.searches[0].entries[0].texts[] | select(.option == "attr_family_name") | has("value") | not'
finds warning 'attr_family_name = .initials.: none of 17 people has a value'
says '.searches[1].entries[] | select(.dn | test("^cn=api-rpa")) | .members == 3 and
	([.first_members[].is] | sort == ["absent", "person", "person"])'
say "server, searches and mapping are those that are there"

# Each line, pasted into a shell, gives what was counted.
lines() { jq -r "$1" "$report"; }
lines '.searches[0].commands[], .searches[1].commands[]' >"$work/lines"
[ "$(grep -c . "$work/lines")" = 4 ] || die "there are $(grep -c . "$work/lines") lines for the searches"
while read -r line; do
	sh -c "$line" >"$work/ldif" 2>"$work/ldif.err" </dev/null || die "this fails: $line: $(cat "$work/ldif.err")"
	case $line in
	*"ou=people"*) [ "$(grep -c '^dn: ' "$work/ldif")" = 17 ] || die "not all people: $line" ;;
	*) [ "$(grep -c '^dn: ' "$work/ldif")" = 3 ] || die "not three groups: $line" ;;
	esac
done <"$work/lines"
lines '.commands[]' | while read -r line; do sh -c "$line" >"$work/ldif" </dev/null || die "this fails: $line"; done
! grep -rF -e "$(cat "$SLAPD_DIR/password")" "$report" "$work/daemon.log" || die "the password is shown"
say "the lines do the same by hand, without a password in them"

# For people.
ctl source test corp --show 1 >"$work/text" || [ $? = 2 ]
grep -q "^vendor: openldap (its structuralObjectClass" "$work/text" || die "no vendor in the text"
grep -q "attr_mail .*[a-z]@example.com .*mail" "$work/text" || die "no mapped value in the text"
grep -q "^warning: attr_family_name" "$work/text" || die "no finding in the text"

# Within limits.
look 2 --entries 2 --show 1
says '.searches[0] | .total == 17 and .read == 2 and (.entries | length == 1)'
look 1 --timeout 0s 2>/dev/null || true
ctl source test corp --entries 0 && die "no entries are none"
ctl source test nobody && die "there is no such source"
say "and within limits"

# A file that is not in force yet.
source_options='attr_family_name = "sn";'
write_config
look 2
finds warning attr_family_name
look 0 --changed
says '[.searches[0].entries[].texts[] | select(.option == "attr_family_name" and .from == "sn")] | length == 3'
source_options='attr_family_name = "sn"; attr_nonsense = "x";'
write_config
look 1 --changed
say "a changed file can be tried before it is in force"

# In force, it counts for everybody at once: nobody in the directory has changed, and the next full compare is tomorrow.
ctl source resume corp
source_options='retry_cap = "500ms"; confirm_after = "200ms"; attr_display_name = "=Robot";'
daemon_reload
robots() { [ "$(store_query "SELECT count(*) FROM entry WHERE kind = 1 AND display_name = 'Robot'")" = 17 ]; }
wait_for "a changed mapping is taken for everybody" robots

# ---- what is missing ----
source_options="people_filter = \"(objectClass=inetOrgPerson\";"
write_config
ctl --json source test corp --changed >"$report" && die "half a filter is one"
source_options="people_filter = \"(uid=nobody-*)\"; groups_filter = \"(objectClass=*)\"; attr_group_name = \"cn | ou\";"
write_config
look 2 --changed
finds warning 'people: the answer is empty'
printf 'wrong' >"$work/wrong"
chmod 600 "$work/wrong"
source_options=
write_config
sed -i "s|password = \"file:$SLAPD_DIR/password\"|password = \"file:$work/wrong\"|" "$work/apiuserd.conf"
look 1 --changed
finds error 'log-in: Invalid credentials'
write_config
sed -i "s|groups_base = \"ou=groups|groups_base = \"ou=nowhere|" "$work/apiuserd.conf"
look 1 --changed
finds error "groups_base 'ou=nowhere.*there is no such entry"
write_config
sed -i "s|servers = \[ |servers = [ \"ldap://127.0.0.1:1\", |" "$work/apiuserd.conf"
look 2 --changed
finds warning 'ldap://127.0.0.1:1: '
says ".server.url == \"$SLAPD_TLS_URL\""
say "a refused log-in, a base that is not there, a server that is out of reach"

write_config
slapd_access "access to attrs=mail by dn.exact=\"$SLAPD_READER\" none"
slapd_stop
slapd_start_again
look 2 --changed
finds warning 'attr_mail = .mail.: none of 17 people has a value: .*may not read it'
slapd_access "access to attrs=entryUUID by dn.exact=\"$SLAPD_READER\" none"
slapd_stop
slapd_start_again
look 1 --changed
finds error 'people: a reading would count for nothing: .*no entryUUID'
sed -i 's/^limits.*/limits dn.exact="'"$SLAPD_READER"'" size=3 time=unlimited/' "$SLAPD_DIR/access.conf"
slapd_stop
slapd_start_again
look 1 --changed
finds error 'people: Size limit exceeded .* after 3 entries'
say "and what the account is not allowed"
pass
