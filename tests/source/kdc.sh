#!/bin/sh
# SPDX-License-Identifier: ISC
# A Kerberos realm of one's own for tests: EXAMPLE.COM, a KDC on a free loopback port.
#
#   . "$top_srcdir/tests/source/kdc.sh"
#   kdc_make DIR               make the realm below DIR (nothing runs yet)
#   kdc_start; kdc_stop        its KDC
#   kdc_key PRINCIPAL KEYTAB   make a principal with a new key, and its keytab
#   kdc_admin COMMAND          a command of kadmin.local
#
# KDC_CONFIG is the configuration for clients.  Only the process started here is ever stopped.

KDC_PID=

kdc_fail() {
	echo "kdc.sh: $*" >&2
	[ ! -s "$KDC_DIR/log" ] || tail -n 20 "$KDC_DIR/log" >&2
	exit 1
}

kdc_write() {
	cat > "$KDC_CONFIG" <<-EOT
	[libdefaults]
		default_realm = EXAMPLE.COM
		dns_lookup_kdc = false
		dns_lookup_realm = false
	[realms]
		EXAMPLE.COM = {
			kdc = 127.0.0.1:$KDC_PORT
		}
	EOT
	cat > "$KDC_DIR/kdc.conf" <<-EOT
	[kdcdefaults]
		kdc_listen = 127.0.0.1:$KDC_PORT
		kdc_tcp_listen = 127.0.0.1:$KDC_PORT
	[realms]
		EXAMPLE.COM = {
			database_name = $KDC_DIR/principal
			key_stash_file = $KDC_DIR/stash
			acl_file = $KDC_DIR/acl
			supported_enctypes = aes256-cts:normal
			max_life = 10h
		}
	EOT
}

# Run one of the realm's programs.
kdc_run() {
	KRB5_CONFIG=$KDC_CONFIG KRB5_KDC_PROFILE=$KDC_DIR/kdc.conf "$@" >> "$KDC_DIR/log" 2>&1
}

kdc_admin() { kdc_run "$KADMIN" -r EXAMPLE.COM -q "$1" || kdc_fail "$1"; }

kdc_key() {
	kdc_admin "addprinc -randkey $1"
	rm -f "$2"
	kdc_admin "ktadd -k $2 $1"
	[ -s "$2" ] && chmod 600 "$2" || kdc_fail "no keytab for $1"
}

kdc_make() {
	KDC_DIR=$1
	KDC_CONFIG=$KDC_DIR/krb5.conf
	KDC_PORT=1
	PATH=$PATH:/usr/sbin:/usr/libexec
	KADMIN=$(command -v kadmin.local) && KDC=$(command -v krb5kdc) && KDB=$(command -v kdb5_util) ||
		kdc_fail "a KDC is missing (Debian: apt-get install krb5-kdc krb5-admin-server)"
	mkdir -p "$KDC_DIR"
	kdc_write
	kdc_run "$KDB" -r EXAMPLE.COM create -s -P "$(openssl rand -hex 16)" || kdc_fail "the realm cannot be made"
}

kdc_is_up() { grep -q 'starting' "$KDC_DIR/kdc.log"; }

kdc_start() {
	for kdc_round in $(seq 20); do
		KDC_PORT=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 6000))
		kdc_write
		: > "$KDC_DIR/kdc.log"
		KRB5_CONFIG=$KDC_CONFIG KRB5_KDC_PROFILE=$KDC_DIR/kdc.conf "$KDC" -n -r EXAMPLE.COM >> "$KDC_DIR/kdc.log" 2>&1 &
		KDC_PID=$!
		for kdc_wait in $(seq 100); do
			kill -0 "$KDC_PID" 2> /dev/null || break
			if kdc_is_up; then
				return 0
			fi
			sleep 0.05
		done
		kdc_stop
	done
	kdc_fail "the KDC does not start"
}

kdc_stop() {
	[ -n "$KDC_PID" ] || return 0
	kill "$KDC_PID" 2> /dev/null
	kill -CONT "$KDC_PID" 2> /dev/null
	wait "$KDC_PID" 2> /dev/null
	KDC_PID=
}
