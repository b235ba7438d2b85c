#!/bin/sh
# SPDX-License-Identifier: ISC
# One person is read anew with some groups when somebody asks, long before the directory is read again.
. "$top_srcdir/tests/source/world.sh"

has_answer() { grep -qxE -e "$1" "$WORLD/out/fresh"; }

# asks NAME ANSWER, whom on stdin
asks() {
	cat > "$WORLD/out/whom"
	rm -f "$WORLD/out/fresh"
	kill -HUP "$WORLD_PID"
	expect "$1" has_answer "$2"
}

# of KIND PATTERN: "ID DN" of whom the store has
of() { sed -nE "s/^$1 ([^ ]*) ($2[^ ]*).*/\\1 \\2/p" "$WORLD/out/facts"; }

world_make nosync
world_watch vendor=generic attr_id=entryUUID attr_group_id=entryUUID poll_interval=1h full_compare=1h
expect_facts "the directory is read, and polled from now on" '^state ok complete=1 '
anna=$(of person uid=anna,) builders=$(of group cn=builders,) writers=$(of group cn=writers,)
[ -n "$anna" ] && [ -n "$builders" ] && [ -n "$writers" ] || fail "nobody is known: $anna, $builders, $writers"

printf 'replace: mail\nmail: anna@new.example\n' | change "uid=anna,$PEOPLE" modify
member add writers anna
printf '%s\n' "$anna" "$builders" "$writers" | asks "a person and two groups are read" 'found 2'
expect_facts "the new address" '^person .*uid=anna,.* anna@new.example$'
expect_facts "the new membership" "^member cn=writers,.* uid=anna,.* known$"
printf 'replace: mail\nmail: bert@new.example\n' | change "uid=bert,$PEOPLE" modify
printf '%s\n' "$anna" | asks "nobody else is" 'found 0'
refute_facts "and stays as it was heard of" 'bert@new.example'

# What is not there takes nothing away.
fire anna
printf '%s\n' "$anna" | asks "somebody who is gone is told to be" 'absent 0'
cleo=$(of person uid=cleo,)
printf 'replace: mail\nmail: cleo@new.example\n' | change "uid=cleo,$PEOPLE" modify
printf '%s\n' "$cleo" | asks "somebody else is read" 'found 0'
expect_facts "after that" 'cleo@new.example'
has_facts '^person .*uid=anna,' || fail "a single reading has removed somebody"
has_facts '^state ok complete=1 ' || fail "a single reading says something of the whole"
refute_audit "and nobody was removed" 'entry.remove'

# Out of reach it says so at once, or after a while, and not for ever.
slapd_stop
expect_facts "the directory is out of reach" '^state stale '
printf '%s\n' "$anna" | asks "so nobody can be read" 'trouble: it is not followed now: .*'
slapd_start_again
expect_facts "it is back" '^state ok complete=1 '
printf '%s\n' "$builders" "$builders" | asks "a group is no person" 'absent 1'
world_leave || fail "the source does not end cleanly"
