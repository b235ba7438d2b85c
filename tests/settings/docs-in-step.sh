#!/bin/sh
# SPDX-License-Identifier: ISC
# The sample configuration, the manual pages and the OpenAPI description in git are what the rows print today.
set -eu
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
sh "$top_srcdir/conf/update-docs.sh" "$top_builddir" "$top_srcdir" "$new"
rc=0
for file in conf/apiuserd.conf.in conf/apiuserd.conf.5.in daemon/scim/apiuserd-scim.7 daemon/scim/openapi.json; do
	[ -s "$new/$file" ] || { echo "$file was not printed"; rc=1; }
	diff -u "$top_srcdir/$file" "$new/$file" || { echo "run: make update-docs"; rc=1; }
done
exit $rc
