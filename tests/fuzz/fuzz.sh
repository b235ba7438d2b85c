#!/bin/sh
# SPDX-License-Identifier: ISC
# usage: fuzz.sh CLANG [FLAG ...]
# Builds every fuzz target with libFuzzer, ASan and UBSan and runs each for FUZZ_SECONDS; called by `make fuzz`.
# Inputs that reach new code are kept in tests/fuzz/found/NAME of the build folder, and those that fail as crash-* there.
set -eu
: "${FUZZ_SECONDS:?}" "${FUZZ_TARGETS:?}" "${FUZZ_SOURCES:?}" "${FUZZ_LIBS:?}" "${top_srcdir:?}"
[ "$1" != no ] || { echo "fuzz: configure found no clang" >&2; exit 1; }
objects=tests/fuzz/objects
mkdir -p "$objects"

# A header that is newer than the last build makes everything old.
stamp=$objects/stamp
if [ ! -f "$stamp" ] || [ -n "$(find "$top_srcdir/daemon" "$top_srcdir/plugins" -name '*.h' -newer "$stamp")" ]; then
	rm -f "$objects"/*.o
fi
set -- "$@" -g -O1 -fno-omit-frame-pointer -fno-sanitize-recover=undefined
linked=
for source in $FUZZ_SOURCES; do
	case $source in *.c) ;; *) continue ;; esac
	object=$objects/$(echo "${source%.c}" | tr / _).o
	linked="$linked $object"
	if [ ! -f "$object" ] || [ -n "$(find "$top_srcdir/$source" -newer "$object")" ]; then
		"$@" -fsanitize=fuzzer-no-link,address,undefined -c -o "$object" "$top_srcdir/$source"
	fi
done
: >"$stamp"

# linked_for NAME: the service and the helper for sources have some names in common, so no target links both
linked_for() {
	for object in $linked; do
		case $1:$object in
		ldap_*:*/daemon_scim_* | ldap_*:*/daemon_http_* | pulled:*/daemon_scim_* | pulled:*/daemon_http_*) ;;
		ldap_* | pulled:*) echo "$object" ;;
		*:*/daemon_sourced_*) ;;
		*) echo "$object" ;;
		esac
	done
}

for target in $FUZZ_TARGETS; do
	name=${target##*/fuzz_}
	found=tests/fuzz/found/$name
	mkdir -p "$found"
	# shellcheck disable=SC2046,SC2086 # both are lists
	"$@" -fsanitize=fuzzer,address,undefined -o "$objects/fuzz_$name" "$top_srcdir/$target.c" $(linked_for "$name") $FUZZ_LIBS
	echo "== $name"
	"$objects/fuzz_$name" -max_total_time="$FUZZ_SECONDS" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
		-print_final_stats=1 -verbosity=0 -dict="$top_srcdir/tests/fuzz/scim.dict" -artifact_prefix="$found/" \
		"$found" "$top_srcdir/tests/fuzz/corpus/$name"
done
