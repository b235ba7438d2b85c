#!/bin/sh
# SPDX-License-Identifier: ISC
# The same with a 389-DS, which forgets more: each connection has to begin with everything.
. "$top_srcdir/tests/source/world.sh"
. "$top_srcdir/tests/source/churn.sh"

world_make_389
names=$(seq -f 'p%.0f' 300)
{
	for name in $names; do slapd_person "$name"; done
	# shellcheck disable=SC2086 # words
	churn_large $names
} | sed '/^dn: /a changetype: add' | ds389_modify
crashes 16
