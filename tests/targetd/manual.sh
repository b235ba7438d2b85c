#!/bin/sh
# SPDX-License-Identifier: ISC
# apiuserd-target(3) names every code, call and check that there is, and the example in it can be built as it says.
set -eu
page=$top_srcdir/daemon/targetd/apiuserd-target.3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0
need() {
	grep -qw -e "$1" "$page" || { echo "$1 is not in the manual page"; bad=1; }
}
codes=$(sed -n 's/^\t\(AU_E[A-Z]*\) = -.*/\1/p' "$top_srcdir/plugins/include/apiuserd/target.h")
[ "$(echo "$codes" | wc -l)" -ge 15 ] || { echo "codes were not found in the header"; exit 1; }
for code in $codes; do
	case $code in AU_EIO | AU_ELIMIT) ;; *) need "$code" ;; esac
done
calls=$(sed -n 's/.*\[AU_CALL_[A-Z_]*\] = "\(.*\)",/\1/p' "$top_srcdir/daemon/wire/call.c")
checks=$("$top_builddir/daemon/plugincheck/apiuserd-target-check" 2>&1 | sed -n 's/^checks://p')
[ "$(echo "$calls" | wc -l)" -ge 12 ] && [ -n "$checks" ] || { echo "calls or checks were not found"; exit 1; }
for word in $calls $checks; do
	need "$word"
done
if command -v mandoc > /dev/null; then
	mandoc -T lint -W warning "$page" || bad=1
fi
cc -shared -fPIC -I"$top_srcdir/plugins/include" -o "$work/example.so" "$top_srcdir/plugins/example/example.c" -ljansson
"$top_builddir/daemon/targetd/apiuserd-target" --describe "$work/example.so" | grep -q '^Folder: '
cc -shared -fPIC -I"$top_srcdir/plugins/include" -o "$work/clipboard.so" "$top_srcdir/plugins/example/clipboard.c" -ljansson
echo '{ "options": { "url": "https://desk.example.com" } }' > "$work/desk.json"
# try WORDS ARGUMENT...: the order that comes of it has the words
try() {
	words=$1
	shift
	"$top_builddir/daemon/targetd/apiuserd-target" --try "$work/clipboard.so" --config "$work/desk.json" "$@" > "$work/said" 2>&1 ||
		{ echo "$*:"; cat "$work/said"; bad=1; }
	grep -qx -e "$words" "$work/said" || { echo "$*: expected '$words', got:"; cat "$work/said"; bad=1; }
}
try ' *at Settings > API users' create login=crm 'rights={"access":"read"}'
try ' *Access' create login=crm 'rights={"access":"read"}'
try ' *secret: shown' create login=crm 'rights={"access":"read"}'
try ' *crm' set-active id=crm active=no
try ' *ticked' set-active id=crm active=no
try ' *- Press Delete.' remove id=crm
try ' *"order": {' --json remove id=crm
exit $bad
