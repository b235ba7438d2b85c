#!/bin/sh
# SPDX-License-Identifier: ISC
# Every test program and every test script below tests/ is run by `make check`.
set -eu
# What make itself makes of its variables.  The outer make's flags stay outside: they may say which tests to run.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
# A file, as make keeps what it reads from standard input in one that it leaves behind when it starts anew.
asks=$(mktemp)
trap 'rm -f "$asks"' EXIT
value() {
	printf 'include Makefile\nprint-value:\n\t@echo "$(%s)"\n' "$1" >"$asks"
	make --no-print-directory -s -C "$top_builddir" -f "$asks" print-value
}
tests=" $(value TESTS | tr '\n' ' ') "
extra=" $(value EXTRA_DIST | tr '\n' ' ') "
cd "$top_srcdir"
bad=0 seen=0
for file in $(find tests -name 'test_*.c' | sort); do
	seen=1
	case $tests in *" ${file%.c} "*) ;; *) echo "$file: is no part of TESTS"; bad=1 ;; esac
done
# A script that is not run must at least be a part of something: listed by itself or with its folder.
for file in $(find tests -name '*.sh' | sort); do
	case "$tests$extra" in *" $file "* | *" ${file%/*} "*) ;; *) echo "$file: is no part of TESTS"; bad=1 ;; esac
done
[ "$seen" = 1 ] || { echo "no test programs seen: the check is broken"; exit 1; }
exit "$bad"
