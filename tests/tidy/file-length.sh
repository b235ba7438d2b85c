#!/bin/sh
# SPDX-License-Identifier: ISC
# No source file is longer than 600 lines: one noun per file.
set -eu
cd "${top_srcdir:-.}"
find daemon plugins tests -name '*.[ch]' | sort | awk '
{
	lines = 0
	while ((getline text < $0) > 0) lines++
	close($0)
	if (lines > 600) { printf "%s: %d lines, at most 600\n", $0, lines; bad = 1 }
	seen += lines > 0
}
END {
	if (seen == 0) { print "no files seen: the check is broken"; bad = 1 }
	exit bad
}'
