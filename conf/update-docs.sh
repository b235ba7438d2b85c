#!/bin/sh
# SPDX-License-Identifier: ISC
# update-docs.sh SETTINGS_DOC SOURCE DESTINATION
# Print the sample configuration and the manual page's option part from the rows.  The rest of the page comes from
# SOURCE; both files go to DESTINATION, which may be the same folder.
set -eu
settings_doc=$1 source=$2 destination=$3
# shellcheck disable=SC2089 # the quotes are mdoc's comment sign
BEGIN='.\" BEGIN options: printed from the rows by make update-docs'
# shellcheck disable=SC2089
END='.\" END options'
# shellcheck disable=SC2090
export BEGIN END

page=$source/apiuserd.conf.5.in
for mark in "$BEGIN" "$END"; do
	grep -qxF -e "$mark" "$page" || { echo "update-docs.sh: $page lost its line '$mark'" >&2; exit 1; }
done
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
"$settings_doc" sample >"$new/sample"
"$settings_doc" man >"$new/options"
awk '
	$0 == ENVIRON["END"] { skip = 0 }
	!skip
	$0 == ENVIRON["BEGIN"] {
		while ((getline line <options) > 0)
			print line
		skip = 1
	}
' options="$new/options" "$page" >"$new/page"
cp "$new/sample" "$destination/apiuserd.conf.in"
cp "$new/page" "$destination/apiuserd.conf.5.in"
