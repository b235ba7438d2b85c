#!/bin/sh
# SPDX-License-Identifier: ISC
# update-docs.sh BUILD SOURCE DESTINATION
# Print the sample configuration, the option part of its manual page, the profile part of apiuserd-scim(7) and the
# OpenAPI description from the rows.  The rest of the pages comes from SOURCE, the top of the tree; DESTINATION may be the
# same folder.
set -eu
build=$1 source=$2 destination=$3
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT

# splice NAME PAGE: the page with what is printed between its marks for NAME.
splice() {
	# shellcheck disable=SC2089 # the quotes are mdoc's comment sign
	BEGIN='.\" BEGIN '$1': printed from the rows by make update-docs' END='.\" END '$1
	# shellcheck disable=SC2090
	export BEGIN END
	for mark in "$BEGIN" "$END"; do
		grep -qxF -e "$mark" "$source/$2" || { echo "update-docs.sh: $2 lost its line '$mark'" >&2; exit 1; }
	done
	awk '
		$0 == ENVIRON["END"] { skip = 0 }
		!skip
		$0 == ENVIRON["BEGIN"] {
			while ((getline line <printed) > 0)
				print line
			skip = 1
		}
	' printed="$new/$1" "$source/$2" >"$new/page"
	mkdir -p "$destination/$(dirname "$2")"
	cp "$new/page" "$destination/$2"
}

"$build/daemon/settings/settings-doc" sample >"$new/sample"
"$build/daemon/settings/settings-doc" man >"$new/options"
"$build/daemon/scim/profile-doc" >"$new/profiles"
splice options conf/apiuserd.conf.5.in
splice profiles daemon/scim/apiuserd-scim.7
cp "$new/sample" "$destination/conf/apiuserd.conf.in"
"$build/daemon/scim/openapi-doc" >"$new/openapi"
cp "$new/openapi" "$destination/daemon/scim/openapi.json"
