#!/bin/sh
# SPDX-License-Identifier: ISC
# Whether a log of changes can be used is told before it is needed, and which right is missing.
. "$top_srcdir/tests/source/world.sh"
. "$top_srcdir/tests/source/look.sh"

world_make accesslog
member add builders dave
look
says "the log is found" '.server.log == "cn=accesslog"'
says "and nothing is missing" '.findings == []'
look accesslog=cn=elsewhere
says "one that is not there is told" 'any(.findings[]; .level == "note" and (.text | test("no log of changes")))'
look accesslog_from=0
says "one that is not wanted is not looked for" '(.server | has("log") | not) and .findings == []'
