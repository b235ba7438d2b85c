#!/bin/bash
# SPDX-License-Identifier: ISC
# One application's way through the directory, seen in the product: add, change, move, remove, return, be deleted.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make check sets it
. "$top_srcdir/tests/system/lib.sh"

people_count=4
members_at_start='1'
system_start
wait_for "app-1, a member before we began, has its account" room_has app-1 "$is_enabled | $has_rights"
room_has app-1 'select(.email == "app-1@apps.example")' || die "app-1 has another address"
room_lacks app-2 || die "app-2 has an account though nothing gives it one"

ctl secret take --force app-1 control-room >"$work/taken"
room_password_fits app-1 <"$work/taken" || die "the password that was handed over is not the account's"
if ctl secret take --force app-1 control-room >"$work/taken" 2>&1; then die "a password was handed over twice"; fi

join 2
wait_for "app-2 joins: account with the template's rights" room_has app-2 "$is_enabled | $has_rights"
id=$(room_user app-2 .id)

printf 'dn: uid=app-2,%s\nchangetype: modify\nreplace: sn\nsn: Renumbered\n' "$people" | change
wait_for "a new name in the directory is a new name in the product" room_has app-2 'select(.lastName == "Renumbered")'
printf 'dn: uid=app-2,%s\nchangetype: modify\nreplace: mail\nmail: app-two@apps.example\n' "$people" | change
wait_for "a new address too, in the same account" room_has app-2 "select(.email == \"app-two@apps.example\" and .id == $id)"

printf 'dn: uid=app-2,%s\nchangetype: modrdn\nnewrdn: uid=app-two\ndeleteoldrdn: 1\n' "$people" | change
printf 'dn: uid=app-two,%s\nchangetype: modify\nreplace: sn\nsn: Renamed\n' "$people" | change
wait_for "another log-in name in the directory does not make another account" room_has app-2 "select(.lastName == \"Renamed\" and .id == $id)"
room_lacks app-two || die "a renamed entry got a second account"
printf 'dn: uid=app-two,%s\nchangetype: modrdn\nnewrdn: uid=app-2\ndeleteoldrdn: 1\n' "$people" | change

version=$(room_user app-2 .version)
printf 'dn: uid=app-2,%s\nchangetype: modrdn\nnewrdn: uid=app-2\ndeleteoldrdn: 0\nnewsuperior: ou=moved,%s\n' "$people" "$people" | change
join 3
wait_for "app-3 joins after app-2 has moved" room_has app-3 "$is_enabled"
room_has app-2 "select(.id == $id and .version == $version) | $is_enabled" || die "moving an entry touched its account"

printf 'dn: %s\nchangetype: modify\ndelete: member\nmember: uid=app-2,ou=moved,%s\n' "$group" "$people" | change
wait_for "app-2 leaves: its account is disabled" room_has app-2 "$is_disabled"
printf 'dn: %s\nchangetype: modify\nadd: member\nmember: uid=app-2,ou=moved,%s\n' "$group" "$people" | change
wait_for "app-2 returns: the same account is enabled" room_has app-2 "select(.id == $id) | $is_enabled | $has_rights"
[ "$(room_created app-2)" = 1 ] || die "app-2 was created again"

printf 'dn: uid=app-3,%s\nchangetype: delete\n' "$people" | change
wait_for "app-3's entry is deleted: its account is disabled" room_has app-3 "$is_disabled"
room_has app-1 "$is_enabled" || die "app-1 was touched"

reconcile_options='interval = "1s"; grace = "1s";'
daemon_reload
wait_for "the grace time is over: app-3's account is deleted" room_lacks app-3
room_has app-1 "$is_enabled" || die "app-1 was deleted along"
application 3 | sed '1a changetype: add' | change
join 3
wait_for "a new app-3 gets a new account" room_has app-3 "$is_enabled | $has_rights"
[ "$(room_created app-3)" = 2 ] || die "app-3 was created $(room_created app-3) times, not twice"
same_as_directory || die "product and directory differ"
pass
