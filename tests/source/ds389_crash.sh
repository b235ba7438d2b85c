#!/bin/sh
# SPDX-License-Identifier: ISC
# The same with a 389-DS, which forgets more: each connection has to begin with everything.
. "$top_srcdir/tests/source/world.sh"
. "$top_srcdir/tests/source/churn.sh"

world_make_389
for number in $(seq 300); do slapd_person "p$number" | sed '/^dn: /a changetype: add'; done | ds389_modify
crashes 16
