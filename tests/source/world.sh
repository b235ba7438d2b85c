#!/bin/sh
# SPDX-License-Identifier: ISC
# A directory, a source that watches it, and the store behind it.
#
#   . "$top_srcdir/tests/source/world.sh"
#   world_make [WORD...]           a directory that runs (slapd_make with these words), and an empty store
#   world_make_389 [nosync]        the same with a 389-DS
#   world_make_ad                  the same with Samba's Active Directory; the reader is "syncer", who sees what is
#                                  deleted
#   world_make_fake_ad             the same with fake_ad.py
#   manner NAME VALUE              change its manners
#   fill COUNT GROUP               so many more people in it, and a group of all of them
#   asked PATTERN                  how many of the questions it was asked match
#   world_watch [OPTION=VALUE...]  start the source (again)
#   world_leave                    stop it; the store stays
#   expect NAME COMMAND...         COMMAND must succeed within WORLD_PATIENCE seconds
#   expect_facts NAME PATTERN      a line of the facts must match
#   lacks_facts PATTERN            for expect: no line of the facts matches
#   refute_facts NAME PATTERN      no line of the facts may match, now
#   expect_same NAME               the store must come to hold what the directory holds
#
# Everything ends and goes with the script.

. "$top_srcdir/tests/system/slapd.sh"
. "$top_srcdir/tests/system/ds389.sh"
. "$top_srcdir/tests/system/samba.sh"

WORLD_PATIENCE=${WORLD_PATIENCE:-120} # a machine may be busy with others
WORLD_SERVER=slapd # or ds389, samba, fake_ad: what the functions of the directory begin with
WORLD_PID=
FAKE_AD_PID=
WORLD_RDN=uid # attribute that people are named by
WORLD=$(mktemp -d "${TMPDIR:-/tmp}/source.XXXXXX") || exit 1
WORLD_OPTIONS=
WORLD_WAITS='confirm_after=100ms'
WORLD_FILTERS='people_filter=(objectClass=inetOrgPerson) groups_filter=(objectClass=groupOfNames)'
PEOPLE=ou=people,$SLAPD_SUFFIX
GROUPS_BASE=ou=groups,$SLAPD_SUFFIX

world_end() {
	world_status=$?
	world_leave
	"${WORLD_SERVER}_stop"
	if [ "$world_status" -ne 0 ]; then
		for world_file in facts audit; do
			echo "--- $world_file" >&2
			tail -n 60 "$WORLD/out/$world_file" >&2
		done
		echo "--- log" >&2
		tail -n 40 "$WORLD/log" >&2
	fi
	rm -rf "$WORLD"
}
trap world_end EXIT
trap 'exit 1' HUP INT TERM

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

world_make() {
	mkdir "$WORLD/out"
	: > "$WORLD/log"
	slapd_make "$WORLD/ldap" "$@"
	slapd_start
	WORLD_URL=$SLAPD_URL
	# That overlay tidies up behind a change, on a busy machine a good while behind it.
	! slapd_is_word refint "$@" || WORLD_WAITS='confirm_after=3s reread_after=3s'
}

world_make_389() {
	WORLD_SERVER=ds389
	mkdir "$WORLD/out"
	: > "$WORLD/log"
	ds389_make "$WORLD/ldap" "$@"
	WORLD_URL=$DS389_URL
}

world_make_ad() {
	WORLD_SERVER=samba
	samba_skip
	mkdir "$WORLD/out"
	: > "$WORLD/log"
	samba_make "$WORLD/ldap"
	samba_account syncer
	samba_promote syncer
	WORLD_URL=$SAMBA_URL
	PEOPLE=OU=people,$SAMBA_SUFFIX
	GROUPS_BASE=OU=groups,$SAMBA_SUFFIX
	WORLD_RDN=CN
	world_log_in syncer
}

world_make_fake_ad() {
	command -v python3 > /dev/null || { echo "SKIP: python3 is missing"; exit 77; }
	WORLD_SERVER=fake_ad
	mkdir "$WORLD/out" "$WORLD/ldap"
	: > "$WORLD/log"
	echo secret > "$WORLD/ldap/syncer"
	chmod 600 "$WORLD/ldap/syncer"
	python3 "$top_srcdir/tests/source/fake_ad.py" "$WORLD/ldap" 2> "$WORLD/fake_log" &
	FAKE_AD_PID=$!
	expect "a fake Active Directory listens" test -s "$WORLD/ldap/port"
	WORLD_URL=ldap://127.0.0.1:$(cat "$WORLD/ldap/port")
	PEOPLE=OU=people,$SAMBA_SUFFIX
	GROUPS_BASE=OU=groups,$SAMBA_SUFFIX
	WORLD_RDN=CN
	samba_company | ldapadd -x -H "$WORLD_URL" -D admin -w admin > "$WORLD/last" || fail "the company is refused"
	world_log_in syncer
}

fake_ad_stop() {
	[ -z "$FAKE_AD_PID" ] || { kill "$FAKE_AD_PID"; wait "$FAKE_AD_PID" 2> /dev/null; }
	FAKE_AD_PID=
	! grep -q . "$WORLD/fake_log" || cat "$WORLD/fake_log" >&2
}
fake_ad_find() {
	fake_ad_base=$1
	shift
	ldapsearch -x -LLL -o ldif-wrap=no -H "$WORLD_URL" -D admin -w admin -b "$fake_ad_base" "$@"
}
fake_ad_modify() {
	ldapmodify -x -H "$WORLD_URL" -D admin -w admin > "$WORLD/last" || fail "a change is refused"
}
manner() { printf 'replace: %s\n%s: %s\n' "$1" "$1" "$2" | change CN=manners modify; }
# fill COUNT GROUP: so many people, who are all in a group of its own
fill() {
	{
		for fill_name in $(seq -f p%.0f "$1"); do
			samba_person "$fill_name"
		done
		# shellcheck disable=SC2046 # one word each
		samba_group "$2" $(seq -f p%.0f "$1")
	} | ldapadd -x -H "$WORLD_URL" -D admin -w admin > "$WORLD/last" || fail "the people are refused"
}
asked() { grep -cE -e "$1" "$WORLD/ldap/requests"; }

# world_log_in ACCOUNT: with it, to an Active Directory
world_log_in() {
	WORLD_OPTIONS="bind_dn=$1@$SAMBA_REALM password=file:$WORLD/ldap/$1 people_filter=(objectClass=user)
		groups_filter=(objectClass=group) attr_user_name=sAMAccountName change_interval=200ms"
}

world_find() { "${WORLD_SERVER}_find" "$@"; }
world_modify() { "${WORLD_SERVER}_modify"; }
world_person() {
	case $WORLD_SERVER in
	samba | fake_ad) samba_person "$1" ;;
	*) slapd_person "$1" ;;
	esac
}

# A later option overrules an earlier one.
# shellcheck disable=SC2086 # the options have no blanks
world_watch() {
	rm -f "$WORLD/out/facts"
	"$top_builddir/tests/source/source_harness" "$WORLD/store" "$top_builddir/daemon/sourced/apiuserd-source" "$WORLD/out" \
		"servers=$WORLD_URL" "bind_dn=$SLAPD_READER" "password=file:$WORLD/ldap/password" \
		"people_base=$PEOPLE" "groups_base=$GROUPS_BASE" $WORLD_FILTERS \
		retry_cap=300ms probe_interval=1s $WORLD_WAITS $WORLD_OPTIONS "$@" >> "$WORLD/log" 2>&1 &
	WORLD_PID=$!
}

world_leave() {
	[ -n "$WORLD_PID" ] || return 0
	kill "$WORLD_PID" 2> /dev/null
	wait "$WORLD_PID"
	world_rc=$?
	WORLD_PID=
	[ "$world_rc" -eq 0 ] || echo "source_harness: exit $world_rc" >&2
	! grep -e 'ERROR: AddressSanitizer' -e 'runtime error:' "$WORLD/log" || world_rc=1
	return "$world_rc"
}

expect() {
	expect_name=$1
	shift
	expect_end=$(($(date +%s) + WORLD_PATIENCE))
	expect_pause=0.05
	expect_looks=0
	until "$@" > "$WORLD/last" 2>&1; do
		if [ "$(date +%s)" -ge "$expect_end" ]; then
			cat "$WORLD/last" >&2
			fail "$expect_name"
		fi
		# What takes long shall not be kept from it by being looked at: a look may be a search of thousands of entries.
		expect_looks=$((expect_looks + 1))
		[ "$expect_looks" -lt 20 ] || expect_pause=0.25
		sleep "$expect_pause"
	done
	echo "ok: $expect_name"
}

has_facts() { grep -qE -e "$1" "$WORLD/out/facts"; }
has_audit() { grep -qE -e "$1" "$WORLD/out/audit"; }
has_log() { grep -qE -e "$1" "$WORLD/log"; }
lacks_facts() { [ -s "$WORLD/out/facts" ] && ! has_facts "$1"; }
expect_facts() { expect "$1" has_facts "$2"; }
expect_audit() { expect "$1" has_audit "$2"; }
expect_log() { expect "$1" has_log "$2"; }

refute_facts() {
	[ -s "$WORLD/out/facts" ] || fail "$1: there are no facts"
	! has_facts "$2" || fail "$1"
	echo "ok: $1"
}

refute_audit() {
	[ -s "$WORLD/out/audit" ] || fail "$1: there is no audit"
	! has_audit "$2" || fail "$1"
	echo "ok: $1"
}

# The directory in the words of the facts.
world_directory() {
	world_find "$PEOPLE" '(|(objectClass=inetOrgPerson)(objectClass=user))' entryUUID nsUniqueId objectGUID mail \
		> "$WORLD/people.ldif" || return 1
	world_find "$GROUPS_BASE" '(|(objectClass=groupOfNames)(objectClass=group))' entryUUID nsUniqueId objectGUID \
		member > "$WORLD/groups.ldif" || return 1
	awk '
	function out() {
		if (dn == "") return
		known[tolower(dn)] = 1
		if (kind == "person") print "person", id, dn, mail
		else { print "group", id, dn; for (i = 0; i < n; i++) { group[all] = dn; named[all++] = m[i] } }
		dn = ""
	}
	BEGIN { all = 0 }
	FNR == 1 { out(); kind = FILENAME ~ /people/ ? "person" : "group" }
	/^dn: / { dn = substr($0, 5); id = ""; mail = "-"; n = 0 }
	/^(entryUUID|objectGUID): / { id = $2 }
	/^nsUniqueId: / {
		id = $2
		gsub(/-/, "", id)
		id = substr(id, 1, 8) "-" substr(id, 9, 4) "-" substr(id, 13, 4) "-" substr(id, 17, 4) "-" substr(id, 21)
	}
	/^mail: / { mail = $2 }
	/^member: / { m[n++] = tolower(substr($0, 9)) }
	/^$/ { out() }
	END { out(); for (i = 0; i < all; i++) print "member", group[i], named[i], (named[i] in known) ? "known" : "unknown" }' "$WORLD/people.ldif" "$WORLD/groups.ldif" | sort
}

is_same() {
	world_directory > "$WORLD/wanted" || return 1
	grep -vE '^state ' "$WORLD/out/facts" | sort > "$WORLD/held"
	[ -s "$WORLD/wanted" ] && diff "$WORLD/wanted" "$WORLD/held"
}

is_settled() { has_facts '^state ok complete=1' && is_same; }

expect_same() { expect "$1" is_settled; }

# change DN TYPE, with the rest of the LDIF on stdin
change() {
	{ printf 'dn: %s\nchangetype: %s\n' "$1" "$2"; cat; echo; } | world_modify
}

# member add|delete GROUP NAME
member() {
	printf '%s: member\nmember: %s=%s,%s\n' "$1" "$WORLD_RDN" "$3" "$PEOPLE" | change "cn=$2,$GROUPS_BASE" modify
}

# rename NAME NEW
rename() {
	printf 'newrdn: %s=%s\ndeleteoldrdn: 1\n' "$WORLD_RDN" "$2" | change "$WORLD_RDN=$1,$PEOPLE" modrdn
}

hire() { world_person "$1" | sed '/^dn: /a changetype: add' | world_modify; }
fire() { change "$WORLD_RDN=$1,$PEOPLE" delete < /dev/null; }
