#!/bin/sh
# SPDX-License-Identifier: ISC
# As crash.sh, with each group's changes taken from the log of changes.
. "$top_srcdir/tests/source/world.sh"
. "$top_srcdir/tests/source/churn.sh"

churn_watch() { world_watch removals_few=1000000 accesslog_from=1; }

world_make accesslog
crashes 24
