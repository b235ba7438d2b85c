#!/bin/sh
# SPDX-License-Identifier: ISC
# Functions with a safer sibling, and those that start a shell, are not called; nor are timers beside the clock.
set -eu
cd "${top_srcdir:-.}"
files=$(find daemon plugins -name '*.[ch]' | sort)
[ -n "$files" ] || { echo "no files seen: the check is broken"; exit 1; }
banned='sprintf|vsprintf|strcpy|stpcpy|strcat|strncat|gets|strtok|atoi|atol|atoll|atof|system|popen|alloca|mktemp|tmpnam'
# shellcheck disable=SC2086 # names of ours have no blanks
if grep -nE "(^|[^A-Za-z0-9_.>])($banned)\(" $files; then
	echo "these functions are banned: $banned"
	exit 1
fi
# What the engine waits for follows the clock that decides whether it is due.
engine=$(echo "$files" | grep '^daemon/reconcile/' || true)
# shellcheck disable=SC2086
if [ -n "$engine" ] && grep -nE '(evtimer|event)_(new|assign|add)\(' $engine /dev/null; then
	echo "timers of the engine are those of base/timer.h"
	exit 1
fi
