#!/bin/sh
# SPDX-License-Identifier: ISC
# Killed at any moment, helper, daemon or directory: in the end the store holds what the directory holds.  A slapd that is
# killed forgets deletes that its last change number does not tell of; only reading everything again finds these.
. "$top_srcdir/tests/source/world.sh"
. "$top_srcdir/tests/source/churn.sh"

# Enough people that a reading takes a while.
world_make
slapd_stop
names=$(seq -f 'p%.0f' 1500)
{
	for name in $names; do slapd_person "$name"; done
	# shellcheck disable=SC2086 # words
	churn_large $names
} | slapd_load
slapd_start_again
crashes 24
