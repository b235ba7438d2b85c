# SPDX-License-Identifier: ISC
# A fault proxy before the directory of world.sh, which must have been read before; it ends with the script.
#
#   proxy MODE [ARGUMENT...]   what fault_proxy.c offers; sets PROXY_PORT and replaces the one before
#   fault_on, fault_off
#   proxy_end

PROXY_PID=
proxy_end() {
	[ -n "$PROXY_PID" ] || return 0
	kill "$PROXY_PID" 2> /dev/null
	wait "$PROXY_PID" 2> /dev/null
	PROXY_PID=
}
trap 'world_end; proxy_end' EXIT

proxy() {
	proxy_end
	rm -f "$WORLD/proxy"
	"$top_builddir/tests/source/fault_proxy" "$SLAPD_PORT" "$@" > "$WORLD/proxy" &
	PROXY_PID=$!
	expect "a proxy that does $1 listens" test -s "$WORLD/proxy"
	PROXY_PORT=$(cat "$WORLD/proxy")
}
fault_on() { kill -USR1 "$PROXY_PID"; }
fault_off() { kill -USR2 "$PROXY_PID"; }
