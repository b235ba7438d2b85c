#!/bin/sh
# SPDX-License-Identifier: ISC
# What people do with apiuserd-target by hand: read a plugin's table, and make one call after the other.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 077
target=$top_builddir/daemon/targetd/apiuserd-target
plugin=$top_builddir/plugins/example/.libs/example.so
mkdir "$work/accounts"
echo "{ \"options\": { \"folder\": \"$work/accounts\" } }" > "$work/instance"
echo abcdefghijk2345mnpqr > "$work/secret"

fail() {
	echo "$1"
	cat "$work/said"
	exit 1
}

# expect STATUS WORDS ARGUMENT...
expect() {
	status=$1 words=$2 got=0
	shift 2
	"$target" "$@" > "$work/said" 2>&1 || got=$?
	[ "$got" -eq "$status" ] || fail "'$*': expected status $status, got $got"
	grep -q -e "$words" "$work/said" || fail "'$*': expected '$words'"
	! grep -q abcdefghijk2345mnpqr "$work/said" || fail "'$*' shows the secret"
}

try() {
	status=$1 words=$2
	shift 2
	expect "$status" "$words" --try "$plugin" --config "$work/instance" "$@"
}

expect 0 '^Folder: Accounts as files' --describe "$plugin"
expect 0 '^  can  *list, set-rights, disable, delete' --describe "$plugin"
expect 0 '^  folder  *text, required' --describe "$plugin"
expect 0 '^  EX-R01  *\[D\] A login has 1 to 64 characters. (login: length)' --describe "$plugin"
expect 0 '"id": "EX-R01"' --describe --json "$plugin"
expect 1 'No such file' --describe "$work/none.so"
expect 2 '^usage' --describe
expect 2 '^usage' --try "$plugin"
expect 2 '^usage' --try "$plugin" paint
expect 2 'No such file' --try "$work/none.so" probe
expect 1 "option 'folder'" --try "$plugin" probe

try 0 'probe: fine' probe
try 0 '^{"access":"read"}$' resolve 'rights={ "access" : "read" }'
try 1 'resolve: invalid' resolve 'rights={"access":"all"}'
try 2 'expected NAME=VALUE' find crm
try 2 'expected the name of a member' find colour=red
try 2 'expected yes or no' set-active id=crm active=perhaps
try 2 'secret' create login=crm secret=abcdefghijk2345mnpqrs
try 0 '^login  *crm$' create login=crm mail=crm@example.com 'rights={"access":"read"}' active=yes "secret=file:$work/secret"
try 1 'create: exists' create login=crm 'rights={"access":"read"}' "secret=file:$work/secret"
try 1 'EX-R02' create login=CRM 'rights={"access":"read"}' "secret=file:$work/secret"
try 0 '"login": "crm"' --json list
try 0 '1 account(s)' find login=crm
try 0 '0 account(s)' find login=nobody
try 0 '^rights  *{"access":"write"}$' set-rights id=crm 'rights={"access":"write"}'
try 1 'temporary' set-rights id=crm 'rights={"access":"read"}' version=1
try 0 '^active  *no$' set-active id=crm active=no
try 1 'cannot do' set-profile id=crm mail=new@example.com
try 0 'remove: fine' remove id=crm
try 1 'get: not-found' get id=crm
# Where it lies is told, not what it is: others may read it.
chmod 644 "$work/secret"
try 2 'group or others have access' create login=crm 'rights={"access":"read"}' "secret=file:$work/secret"
