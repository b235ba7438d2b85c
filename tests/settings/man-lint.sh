#!/bin/sh
# SPDX-License-Identifier: ISC
# Every manual page of the tree is mdoc that mandoc has nothing to say about but the length of source lines.
set -eu
command -v mandoc >/dev/null || { echo "mandoc is missing"; exit 77; }
pages=$(mktemp)
trap 'rm -f "$pages"' EXIT
find "$top_srcdir/conf" "$top_srcdir/daemon" "$top_srcdir/plugins" -name '*.[1-8]' -o -name '*.[1-8].in' >"$pages"
[ "$(wc -l <"$pages")" -ge 2 ] || { echo "hardly any manual page found"; exit 1; }
rc=0
while read -r page; do
	! mandoc -T lint "$page" | grep -vE 'input text line longer|outdated mandoc.db|referenced manual not found' || rc=1
done <"$pages"
exit $rc
