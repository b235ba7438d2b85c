#!/bin/sh
# SPDX-License-Identifier: ISC
# Killed at any moment, helper, daemon or directory: in the end the store holds what the directory holds.  A slapd that is
# killed forgets deletes that its last change number does not tell of; only reading everything again finds these.
. "$top_srcdir/tests/source/world.sh"
. "$top_srcdir/tests/source/churn.sh"

# Enough people that a reading takes a while.
world_make
slapd_stop
for number in $(seq 1500); do slapd_person "p$number"; done | slapd_load
slapd_start_again
crashes 24
