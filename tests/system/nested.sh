#!/bin/bash
# SPDX-License-Identifier: ISC
# Groups within groups of a real directory, three deep, in a ring, moved away: what becomes of the people in them.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

people_count=4
members_at_start='1'
system_start

groups=ou=groups,$suffix
member_of() { # add|delete GROUP DN
	printf 'dn: cn=%s,%s\nchangetype: modify\n%s: member\nmember: %s\n' "$2" "$groups" "$1" "$3" | change
}
new_group() { # NAME DN...
	printf 'dn: cn=%s,%s\nchangetype: add\nobjectClass: groupOfNames\ncn: %s\n' "$1" "$groups" "$1"
	shift
	printf 'member: %s\n' "$@"
}
app() { echo "uid=app-$1,$people"; }
enabled() { room_has "app-$1" "$is_enabled"; }
disabled() { room_has "app-$1" "$is_disabled"; }
why() { ctl explain "app-$1" >"$work/why" && grep -q "$2" "$work/why"; }

wait_for "app-1 is there" enabled 1
new_group inner "$(app 2)" | change
new_group mid "cn=inner,$groups" | change
new_group side "$(app 4)" | change
never "app-2 has no way in yet" 1 room_has app-2 .
member_of add api-rpa "cn=mid,$groups"
wait_for "who is three groups deep comes in with them" enabled 2
why 2 'inner.* > .*mid.* > .*api-rpa' || die "explain does not show the way in"

member_of add side "$(app 2)"
member_of add api-rpa "cn=side,$groups"
wait_for "the other one of the second group comes in" enabled 4
member_of add inner "$(app 3)" # inner must not be empty
wait_for "app-3 joins the inner group" enabled 3
member_of delete inner "$(app 2)"
wait_for "of two ways in one is lost" why 2 'side'
never "who has another way in leaves" 2 disabled 2
member_of delete side "$(app 2)"
wait_for "who has lost the other way too leaves" disabled 2
enabled 4 && enabled 3 && enabled 1 || die "others were touched"

member_of add inner "cn=api-rpa,$groups"
wait_for "explain tells of a ring" why 3 'ring'
# From the name that comes first, outwards.
ring='groups lie in a ring: cn=api-rpa,.* > cn=inner,.* > cn=mid,.* > cn=api-rpa,'
logged() { grep -c -e "$1" "$work/daemon.log"; }
wait_for "so does the log" logged "$ring"
status_says() { ctl status | grep -q -e "$1"; }
source_says() { ctl source show corp | grep -q -e "$1"; }
wait_for "and the status" status_says 'corp: groups in a ring: cn=api-rpa,'
wait_for "with the member that is nobody" status_says 'corp: unknown members of groups: 1 outside of the bases, 0 not found in them'
never "a ring changes nothing" 1 disabled 3
enabled 1 || die "a ring took somebody's rights"
printf 'dn: cn=mid,%s\nchangetype: modrdn\nnewrdn: cn=mid\ndeleteoldrdn: 1\nnewsuperior: ou=machines,%s\n' "$groups" "$suffix" | change
wait_for "a group leaves the base, and who was in through it leaves" disabled 3
enabled 4 && enabled 1 || die "who is in by another way was touched"
wait_for "the ring is told to be gone" logged 'groups lie in a ring no longer: cn=api-rpa,'
[ "$(logged "$ring")" = 1 ] || die "a ring is told more than once"
[ "$(logged 'groups lie in a ring no longer')" = 1 ] || die "its end is told more than once"
wait_for "the group that moved is unknown, outside" source_says 'unknown members of groups: 2 outside of the bases'
[ "$(logged 'members of groups that are unknown: 2 outside')" = 1 ] || die "a number is told more than once"
printf 'dn: cn=mid,ou=machines,%s\nchangetype: modrdn\nnewrdn: cn=mid\ndeleteoldrdn: 1\nnewsuperior: %s\n' "$suffix" "$groups" | change
wait_for "it comes back with them" enabled 3

crash daemon
daemon_start
never "a restart changes anything" 2 disabled 3
enabled 1 && enabled 3 && enabled 4 && disabled 2 || die "a restart changed something"
pass
