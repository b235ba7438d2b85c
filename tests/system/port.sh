# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# Ports for servers that are told theirs, and that may be stopped and started again.  Tests run side by side, so a port
# that is free must stay free until its server has it, and while that is away: whoever takes one keeps a folder of its
# number, which nobody else can make.  Servers that try several ports (slapd.sh) stay below 26000, and the kernel gives
# none below 32768.
ports=${TMPDIR:-/tmp}/apiuserd-ports-$(id -u)
mkdir -p "$ports"
# What a test that was killed has left behind.
find "$ports" -mindepth 1 -maxdepth 1 -mmin +240 -exec rmdir {} + 2>/dev/null || true

# free_port KEEPER: a port; KEEPER is a file where it is noted until ports_release KEEPER
free_port() {
	local port
	while :; do
		port=$((26000 + RANDOM % 6000))
		mkdir "$ports/$port" 2>/dev/null || continue
		echo "$port" >>"$1"
		(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
	done
}

ports_release() {
	local port
	[ -e "$1" ] || return 0
	while read -r port; do rmdir "$ports/$port" 2>/dev/null || true; done <"$1"
}
