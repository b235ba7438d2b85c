#!/bin/sh
# SPDX-License-Identifier: ISC
# Every include points to the same folder or to one that tests/tidy/floors.txt allows.
set -eu
cd "${top_srcdir:-.}"
find daemon plugins -name '*.[ch]' | sort | awk '
function folder(path,    parts, n) { n = split(path, parts, "/"); return n > 2 ? parts[1] "/" parts[2] : parts[1] }
function row(name) { return name in floor ? name : name ~ /^plugins\// && "plugins/*" in floor ? "plugins/*" : "" }
function complain(text) { printf "%s:%d: %s\n", file, line, text; bad = 1 }
# The folder that an include leads to: "/" for the system, "" when there is none of that name.
function target(inc, quoted,    first) {
	if (inc ~ /\.\./) return ""
	first = inc; sub(/\/.*/, "", first)
	if (first == "apiuserd") return "plugins/include"
	if (!quoted) return "/"
	if (inc !~ /\//) return ""
	if (("daemon/" first) in known) return "daemon/" first
	return ("plugins/" first) in known ? "plugins/" first : ""
}
function check(from, to,    f, t) {
	if (to == "") { complain("include leads to no known folder: write \"folder/name.h\""); return }
	if (to == "/" || to == from) return
	f = row(from); t = row(to)
	if (f == "" || t == "") return
	if (f in only ? index(only[f], " " t " ") == 0 : floor[t] >= floor[f]) complain(from " may not use " to)
}
BEGIN {
	while ((getline text < "tests/tidy/floors.txt") > 0) {
		if (text ~ /^#/ || text !~ /[^ ]/) continue
		n = split(text, word, " ")
		floor[word[2]] = word[1]
		for (i = 3; i <= n; i++) only[word[2]] = (i == 3 ? " " : only[word[2]]) word[i] " "
	}
	if (length(floor) == 0) { print "tests/tidy/floors.txt: no floors: the check is broken"; exit bad = 1 }
}
{ files[++count] = $0; known[folder($0)] = 1 }
END {
	for (i = 1; i <= count; i++) {
		file = files[i]; line = 0; from = folder(file)
		if (row(from) == "") { complain("its folder has no floor in tests/tidy/floors.txt"); continue }
		while ((getline text < file) > 0) {
			line++
			if (text !~ /^[ \t]*#[ \t]*include[ \t]*["<]/) continue
			split(text, part, /["<>]/)
			check(from, target(part[2], text ~ /include[ \t]*"/))
			seen++
		}
		close(file)
	}
	if (!bad && seen == 0) { print "no includes seen: the check is broken"; bad = 1 }
	exit bad
}'
