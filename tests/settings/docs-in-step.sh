#!/bin/sh
# SPDX-License-Identifier: ISC
# The sample configuration and the manual page in git are what the option rows print today.
set -eu
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
sh "$top_srcdir/conf/update-docs.sh" "$top_builddir/daemon/settings/settings-doc" "$top_srcdir/conf" "$new"
rc=0
for file in apiuserd.conf.in apiuserd.conf.5.in; do
	[ -s "$new/$file" ] || { echo "$file was not printed"; rc=1; }
	diff -u "$top_srcdir/conf/$file" "$new/$file" || { echo "run: make update-docs"; rc=1; }
done
exit $rc
