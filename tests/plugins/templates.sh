#!/bin/sh
# SPDX-License-Identifier: ISC
# Each file of conf/templates/ is a whole configuration that holds as it is shipped: its plugin knows every option and right.
set -eu
work=$(mktemp -d "${TMPDIR:-/tmp}/apiuserd-templates-XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/helpers" "$work/plugins"
ln -s "$top_builddir/daemon/sourced/apiuserd-source" "$top_builddir/daemon/targetd/apiuserd-target" \
	"$top_builddir/daemon/fetchd/apiuserd-fetch" "$work/helpers/"
for plugin in "$top_builddir"/plugins/*/.libs/*.so; do cp "$plugin" "$work/plugins/"; done

# check FILE: what the daemon says of it
check() {
	{ printf 'daemon: { state_dir = "%s"; helper_dir = "%s"; plugin_dir = "%s"; };\n' "$work/state" "$work/helpers" "$work/plugins"
	  cat "$1"; } >"$work/checked.conf"
	"$top_builddir/daemon/main/apiuserd" --check -f "$work/checked.conf" >"$work/said" 2>&1
}

# What apiuserctl says of the templates in it, without a daemon.
check_templates() { "$top_builddir/daemon/ctl/apiuserctl" template check --offline "$work/checked.conf" >"$work/said" 2>&1; }

count=0 status=0
for file in "$top_srcdir"/conf/templates/*.conf; do
	count=$((count + 1))
	check "$file" || { echo "${file##*/} does not hold:"; cat "$work/said"; status=1; }
	if ! check_templates || [ "$(grep -c 'fine by the rules' "$work/said")" -lt 1 ]; then
		echo "apiuserctl on ${file##*/}:"; cat "$work/said"; status=1
	fi
	# The check bites: a right that the product does not have is refused.
	sed 's/^\t\trights = {/&\n\t\t\tno_such_right = true;/' "$file" >"$work/wrong.conf"
	if check "$work/wrong.conf"; then echo "${file##*/}: a right that does not exist was not refused"; status=1; fi
	if check_templates; then echo "${file##*/}: apiuserctl takes a right that does not exist"; status=1; fi
	grep -q 'checked.conf:[0-9]*: .*no_such_right' "$work/said" || { echo "${file##*/}: refused for another reason:"; cat "$work/said"; status=1; }
done
[ "$count" -ge 2 ] || { echo "no templates were found"; exit 1; }
exit $status
