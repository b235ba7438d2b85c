#!/bin/sh
# SPDX-License-Identifier: ISC
# Every source file starts with its licence, every .c goes on with what it is for and includes its own header first;
# nothing is left to be done later.
set -eu
cd "${top_srcdir:-.}"
find daemon plugins tests -name '*.[ch]' | sort | awk '
function complain(text) { printf "%s:%d: %s\n", file, line, text; bad = 1 }
function exists(path,    text, found) { found = (getline text < path) > 0; close(path); return found }
# Headers are included by their path below daemon/ or plugins/.
function own_header(path) {
	if (path !~ /^(daemon|plugins)\/.*\.c$/) return ""
	sub(/c$/, "h", path)
	if (!exists(path)) return ""
	sub(/^(daemon|plugins)\//, "", path)
	return path
}
{
	file = $0; line = 0; own = own_header(file); included = 0
	while ((getline text < file) > 0) {
		line++
		if (line == 1 && text != "/* SPDX-License-Identifier: ISC */") complain("expected the SPDX line of ISC")
		if (line == 2 && file ~ /\.c$/ && text !~ /^\/\*/) complain("expected a comment that says what the file is for")
		if (text ~ /TODO|FIXME/) complain("something is left to be done")
		if (text !~ /^#[ \t]*include/ || included++ > 0 || own == "") continue
		if (index(text, "\"" own "\"") == 0) complain("expected \"" own "\" as the first include")
	}
	close(file)
	seen += line > 1
}
END {
	if (seen == 0) { print "no files seen: the check is broken"; bad = 1 }
	exit bad
}'
