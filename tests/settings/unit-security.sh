#!/bin/sh
# SPDX-License-Identifier: ISC
# The unit exposes no more than 1.3 of 10 by systemd's own measure, and has nothing that systemd does not know.
set -eu
unit=$top_builddir/systemd/apiuserd.service
[ -s "$unit" ] || { echo "$unit is missing"; exit 1; }
! grep -n '@[a-z]*dir@' "$unit" || { echo "a path was not filled in"; exit 1; }
command -v systemd-analyze >/dev/null || { echo "systemd-analyze is missing"; exit 77; }

verify=$(systemd-analyze verify "$unit" "$top_srcdir/systemd/apiuserd-scim.socket" 2>&1 || true)
! echo "$verify" | grep -E 'Unknown|ignoring|Failed to parse|Invalid' || exit 1
systemd-analyze security --no-pager --offline=yes --threshold=13 "$unit"
