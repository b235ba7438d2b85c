#!/bin/sh
# SPDX-License-Identifier: ISC
# Every manual page of the tree is mdoc that mandoc has nothing to say about but the length of source lines.
set -eu
command -v mandoc >/dev/null || { echo "mandoc is missing"; exit 77; }
rc=0 count=0
for page in $(find "$top_srcdir/conf" "$top_srcdir/daemon" "$top_srcdir/plugins" -name '*.[1-8]' -o -name '*.[1-8].in'); do
	count=$((count + 1))
	! mandoc -T lint "$page" | grep -vE 'input text line longer|outdated mandoc.db|referenced manual not found' || rc=1
done
[ "$count" -ge 2 ] || { echo "only $count manual pages found"; rc=1; }
exit $rc
