#!/bin/sh
# SPDX-License-Identifier: ISC
# A 389-DS of one's own for tests, with the company of slapd.sh, which must be read before: loopback, no systemd, any user.
#
#   . "$top_srcdir/tests/system/ds389.sh"
#   ds389_make DIR [nosync]     make an instance below DIR and the company in it; leaves it running on a free port
#   ds389_start_again           start on the same port
#   ds389_stop; ds389_kill      SIGTERM; SIGKILL
#   ds389_modify < LDIF         change entries (changetype), as administrator
#   ds389_find BASE FILTER ATTRIBUTE...
#                               LDIF without comments or folding, as the reader
#
# Sets DS389_URL.  With nosync the plug-in for RFC 4533 is off, as it is unless an administrator turns it on.  File below
# DIR: password (the reader's, who is $SLAPD_READER).  Only the process started here is ever stopped.

DS389_PID=
DS389_PLUGINS='MemberOf Plugin|referential integrity postoperation'

ds389_fail() {
	echo "ds389.sh: $*" >&2
	[ ! -s "$DS389_DIR/log/errors" ] || tail -n 20 "$DS389_DIR/log/errors" >&2
	exit 1
}

# The configuration that comes with the package, with its variables set and our plug-ins on.
ds389_conf() {
	sed -e "s|%schema_dir%|$DS389_DIR/conf/schema|; s|%cert_dir%|$DS389_DIR/conf|; s|%config_dir%|$DS389_DIR/conf|" \
		-e "s|%db_dir%|$DS389_DIR/db|; s|%db_home_dir%|$DS389_DIR/db|; s|%bak_dir%|$DS389_DIR/bak|" \
		-e "s|%lock_dir%|$DS389_DIR/lock|; s|%tmp_dir%|$DS389_DIR/tmp|; s|%ldif_dir%|$DS389_DIR/ldif|" \
		-e "s|%run_dir%|$DS389_DIR/run|; s|%inst_dir%|$DS389_DIR/inst|; s|%log_dir%|$DS389_DIR/log|" \
		-e "s|%fqdn%|localhost|; s|%ds_port%|$DS389_PORT|; s|%ds_user%|$(id -un)|; s|%rootdn%|$SLAPD_ADMIN|" \
		-e "s|%ds_passwd%|$1|; s|%ds_suffix%|$SLAPD_SUFFIX|; s|%db_lib%|bdb|" \
		-e "s|%ldapi_enabled%|off|; s|%ldapi%|$DS389_DIR/run/ldapi|; s|%ldapi_autobind%|off|" \
		"$DS389_DATA/template-dse.ldif" |
	awk -v plugins="$2" '
	BEGIN { count = split(plugins, name, "|") }
	/^dn: / { ours = 0; for (i = 1; i <= count; i++) ours = ours || index($0, "cn=" name[i] ",cn=plugins,") }
	/^cn: config$/ { print; if (!listens++) print "nsslapd-listenhost: 127.0.0.1"; next }
	/^cn: Retro Changelog Plugin$/ { print; print "nsslapd-attribute: nsuniqueid:targetUniqueId"; next }
	ours && tolower($0) ~ /^nsslapd-pluginenabled:/ { print "nsslapd-pluginEnabled: on"; next }
	{ print }'
}

ds389_backend() {
	cat <<-EOT
	dn: cn=userroot,cn=ldbm database,cn=plugins,cn=config
	objectClass: top
	objectClass: extensibleObject
	objectClass: nsBackendInstance
	cn: userroot
	nsslapd-suffix: $SLAPD_SUFFIX

	dn: cn="$SLAPD_SUFFIX",cn=mapping tree,cn=config
	objectClass: top
	objectClass: extensibleObject
	objectClass: nsMappingTree
	cn: $SLAPD_SUFFIX
	nsslapd-state: backend
	nsslapd-backend: userroot

	EOT
}

# The first entry gets the right to read, which the server wants to see in the directory itself.
ds389_company() {
	slapd_company | sed "1a aci: (targetattr=\"* || nsUniqueId || nsAccountLock\")(version 3.0; acl \"reader\"; \
allow (read,search,compare) userdn=\"ldap:///$SLAPD_READER\";)"
}

ds389_make() {
	DS389_DIR=$1
	DS389_DATA=/usr/share/dirsrv/data
	DS389=$(command -v ns-slapd || echo /usr/sbin/ns-slapd)
	[ -x "$DS389" ] && [ -e "$DS389_DATA/template-dse.ldif" ] ||
		ds389_fail "ns-slapd is missing (Debian: apt-get install 389-ds-base)"
	SLAPD_DIR=$DS389_DIR
	for ds389_folder in conf/schema db bak lock tmp ldif run inst log; do
		mkdir -p "$DS389_DIR/$ds389_folder"
	done
	slapd_secret admin-password
	slapd_secret password
	ds389_plugins=$DS389_PLUGINS
	[ "${2-}" = nosync ] || ds389_plugins="$ds389_plugins|Retro Changelog Plugin|Content Synchronization"
	ds389_hash="{SHA}$(openssl dgst -sha1 -binary "$DS389_DIR/admin-password" | openssl base64)"
	cp /etc/dirsrv/schema/*.ldif "$DS389_DIR/conf/schema"
	cp /etc/dirsrv/config/*.conf "$DS389_DIR/conf"
	ds389_start "$ds389_hash" "$ds389_plugins"
	{ ds389_backend; ds389_company; } |
		ldapadd -x -H "$DS389_URL" -D "$SLAPD_ADMIN" -y "$DS389_DIR/admin-password" > /dev/null ||
		ds389_fail "the company is refused"
}

# Who listens there may be somebody else's server, until ours tells its process, which it does when it has its port.
ds389_is_up() {
	[ -s "$DS389_DIR/run/pid" ] && ldapsearch -x -H "$DS389_URL" -s base -b '' 1.1 > /dev/null 2>&1
}

# In the foreground, which -d is for; 16384 is what is logged anyhow.
ds389_try() {
	DS389_URL=ldap://127.0.0.1:$DS389_PORT
	rm -f "$DS389_DIR/run/pid"
	"$DS389" -D "$DS389_DIR/conf" -i "$DS389_DIR/run/pid" -d 16384 > "$DS389_DIR/log/out" 2>&1 &
	DS389_PID=$!
	ds389_end_time=$(($(date +%s) + SLAPD_PATIENCE))
	while kill -0 "$DS389_PID" 2> /dev/null && [ "$(date +%s)" -lt "$ds389_end_time" ]; do
		if ds389_is_up; then
			return 0
		fi
		sleep 0.1
	done
	ds389_kill
	return 1
}

ds389_start() {
	for ds389_round in $(seq 20); do
		DS389_PORT=$(slapd_random_port)
		ds389_conf "$1" "$2" > "$DS389_DIR/conf/dse.ldif"
		ds389_try && return 0
	done
	ds389_fail "ns-slapd does not start"
}

ds389_start_again() {
	for ds389_round in $(seq 20); do
		ds389_try && return 0
		sleep 1
	done
	ds389_fail "ns-slapd does not start again"
}

ds389_end() {
	[ -n "$DS389_PID" ] || return 0
	kill "-$1" "$DS389_PID" 2> /dev/null
	kill -CONT "$DS389_PID" 2> /dev/null
	wait "$DS389_PID" 2> /dev/null
	DS389_PID=
}

ds389_stop() { ds389_end TERM; }
ds389_kill() { ds389_end KILL; }

ds389_modify() {
	ldapmodify -x -H "$DS389_URL" -D "$SLAPD_ADMIN" -y "$DS389_DIR/admin-password" > /dev/null ||
		ds389_fail "a change is refused"
}

ds389_find() {
	ds389_base=$1
	ds389_filter=$2
	shift 2
	ldapsearch -x -LLL -o ldif-wrap=no -H "$DS389_URL" -D "$SLAPD_READER" -y "$DS389_DIR/password" -b "$ds389_base" \
		"$ds389_filter" "$@"
}
