#!/bin/sh
# SPDX-License-Identifier: ISC
# A directory of one's own for tests: slapd on loopback with RFC 4533, TLS and a small company.
#
#   . "$top_srcdir/tests/system/slapd.sh"
#   slapd_make DIR [WORD...]    make keys, configuration and the company below DIR (nothing runs yet)
#                               refint, memberof, dynlist: with that overlay; dyngroup: groups with memberURL; nolog: syncprov without a session log;
#                               nosync: without syncprov; threads=N; accesslog: with a log of changes (below
#                               cn=accesslog), purge: that forgets within seconds, adds: that knows of added entries only
#                               SLAPD_MAXSIZE: the most bytes of its database, when a GiB will not do
#   slapd_start                 start on free ports, and wait until it listens there; sets SLAPD_PORT, SLAPD_TLS_PORT, SLAPD_URL, SLAPD_TLS_URL
#   slapd_start_again           start on the same ports
#   slapd_stop; slapd_kill      SIGTERM; SIGKILL
#   slapd_run CONF LOG URL...   start another one and wait until it listens; its process is SLAPD_RUN_PID.  False when it
#                               does not, as when somebody else has a port
#   slapd_modify < LDIF         change entries (changetype), as administrator
#   slapd_find BASE FILTER ATTRIBUTE...
#                               LDIF without comments or folding, as the reader
#   slapd_load < LDIF           add entries while it does not run, fast
#   slapd_backup > LDIF         everything, while it does not run
#   slapd_restore < LDIF        make it everything, while it does not run
#
# Files below DIR: password (the reader's), ca.pem, other-ca.pem, client.pem, client.key (for EXTERNAL as
# cn=robot,dc=example,dc=com), slapd.log.  The reader is $SLAPD_READER.  Only the process started here is ever stopped.

SLAPD_SUFFIX=dc=example,dc=com
SLAPD_ADMIN=cn=admin,$SLAPD_SUFFIX
SLAPD_READER=cn=reader,$SLAPD_SUFFIX
SLAPD_PID=
SLAPD_PATIENCE=${SLAPD_PATIENCE:-120} # seconds: the machine is others', too

slapd_fail() {
	echo "slapd.sh: $*" >&2
	[ ! -s "$SLAPD_DIR/slapd.log" ] || tail -n 20 "$SLAPD_DIR/slapd.log" >&2
	exit 1
}

# slapd_first FILE CANDIDATE...: the first folder that holds FILE
slapd_first() {
	slapd_first_file=$1
	shift
	for slapd_first_dir; do
		if [ -e "$slapd_first_dir/$slapd_first_file" ]; then
			echo "$slapd_first_dir"
			return
		fi
	done
	slapd_fail "$slapd_first_file is in none of: $*"
}

# slapd_key NAME SUBJECT CA EXTENSION: a key and a certificate of CA's
slapd_key() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "$2" \
		-keyout "$SLAPD_DIR/$1.key" -out "$SLAPD_DIR/$1.csr" 2> /dev/null &&
	echo "$4" > "$SLAPD_DIR/$1.ext" &&
	openssl x509 -req -in "$SLAPD_DIR/$1.csr" -CA "$SLAPD_DIR/$3.pem" -CAkey "$SLAPD_DIR/$3.key" -set_serial "$5" \
		-days 2 -extfile "$SLAPD_DIR/$1.ext" -out "$SLAPD_DIR/$1.pem" 2> /dev/null ||
		slapd_fail "openssl cannot make $1"
}

slapd_ca() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$1" \
		-keyout "$SLAPD_DIR/$1.key" -out "$SLAPD_DIR/$1.pem" 2> /dev/null || slapd_fail "openssl cannot make $1"
}

slapd_keys() {
	slapd_ca ca
	slapd_ca other-ca
	slapd_key server /CN=127.0.0.1 ca "subjectAltName=IP:127.0.0.1" 2
	slapd_key client /DC=com/DC=example/CN=robot ca "extendedKeyUsage=clientAuth" 3
}

slapd_secret() {
	openssl rand -hex 16 | tr -d '\n' > "$SLAPD_DIR/$1"
	chmod 600 "$SLAPD_DIR/$1"
}

slapd_is_word() {
	slapd_word=$1
	shift
	case " $* " in
	*" $slapd_word "*) return 0 ;;
	esac
	return 1
}

slapd_threads() {
	for slapd_word; do
		case $slapd_word in
		threads=*) echo "threads ${slapd_word#threads=}" ;;
		esac
	done
}

slapd_syncprov() {
	slapd_is_word nosync "$@" && return
	printf 'overlay syncprov\nsyncprov-checkpoint 1 1\n'
	slapd_is_word nolog "$@" || echo "syncprov-sessionlog 10000"
}

# Its database comes before the one that it is of.
slapd_log_database() {
	slapd_is_word accesslog "$@" || return 0
	cat <<-EOT
	database mdb
	suffix cn=accesslog
	directory $SLAPD_DIR/log
	rootdn $SLAPD_ADMIN
	maxsize 1073741824
	dbnosync
	index objectClass,entryUUID,entryCSN,reqStart,reqDN eq
	include $SLAPD_DIR/log-access.conf
	overlay syncprov
	syncprov-nopresent TRUE
	syncprov-reloadhint TRUE
	EOT
}

slapd_log_overlay() {
	printf 'overlay accesslog\nlogdb cn=accesslog\nlogsuccess TRUE\n'
	if slapd_is_word adds "$@"; then
		echo "logops add"
	else
		echo "logops writes"
	fi
	! slapd_is_word purge "$@" || echo "logpurge 00:00:02 00:00:01"
}

slapd_dyngroup() {
	slapd_is_word dyngroup "$@" || slapd_is_word dynlist "$@" || return 0
	echo "include $slapd_schema/dyngroup.schema"
}

slapd_conf() {
	slapd_schema=$(slapd_first core.schema /etc/ldap/schema /etc/openldap/schema /usr/share/openldap/schema) || exit 1
	slapd_modules=$(slapd_first syncprov.so /usr/lib/ldap /usr/lib64/openldap /usr/lib/openldap \
		/usr/libexec/openldap) || exit 1
	cat <<-EOT
	include $slapd_schema/core.schema
	include $slapd_schema/cosine.schema
	include $slapd_schema/inetorgperson.schema
	include $slapd_schema/nis.schema
	$(slapd_dyngroup "$@")
	pidfile $SLAPD_DIR/slapd.pid
	modulepath $slapd_modules
	moduleload back_mdb
	moduleload syncprov
	moduleload refint
	moduleload memberof
	moduleload dynlist
	moduleload accesslog
	TLSCACertificateFile $SLAPD_DIR/ca.pem
	TLSCertificateFile $SLAPD_DIR/server.pem
	TLSCertificateKeyFile $SLAPD_DIR/server.key
	TLSVerifyClient try
	authz-regexp "cn=robot,dc=example,dc=com" "cn=robot,$SLAPD_SUFFIX"
	sizelimit unlimited
	loglevel stats
	$(slapd_threads "$@")
	$(slapd_log_database "$@")
	database mdb
	suffix $SLAPD_SUFFIX
	directory $SLAPD_DIR/db
	rootdn $SLAPD_ADMIN
	rootpw $(cat "$SLAPD_DIR/admin-password")
	maxsize ${SLAPD_MAXSIZE:-1073741824}
	dbnosync
	index objectClass,entryUUID,entryCSN,uid,member eq
	include $SLAPD_DIR/access.conf
	$(slapd_syncprov "$@")
	EOT
	if slapd_is_word refint "$@"; then
		printf 'overlay refint\nrefint_attributes member\nrefint_nothing %s\n' "$SLAPD_ADMIN"
	fi
	if slapd_is_word accesslog "$@"; then
		slapd_log_overlay "$@"
	fi
	if slapd_is_word memberof "$@"; then
		printf 'overlay memberof\nmemberof-refint true\n'
	fi
	if slapd_is_word dynlist "$@"; then
		printf 'overlay dynlist\ndynlist-attrset groupOfURLs memberURL member\n'
	fi
}

# The company: ten people, of whom three build, and a group of nobody in particular.
slapd_company() {
	cat <<-EOT
	dn: $SLAPD_SUFFIX
	objectClass: organization
	objectClass: dcObject
	dc: example
	o: Example

	dn: ou=people,$SLAPD_SUFFIX
	objectClass: organizationalUnit
	ou: people

	dn: ou=groups,$SLAPD_SUFFIX
	objectClass: organizationalUnit
	ou: groups

	dn: ou=machines,$SLAPD_SUFFIX
	objectClass: organizationalUnit
	ou: machines

	dn: $SLAPD_READER
	objectClass: organizationalRole
	objectClass: simpleSecurityObject
	cn: reader
	userPassword: $(cat "$SLAPD_DIR/password")

	EOT
	for slapd_name in anna bert cleo dave emma finn gina hugo iris jack; do
		slapd_person "$slapd_name"
	done
	slapd_group builders anna bert cleo
	slapd_group writers dave
}

# LDIF of one of the company's people, and of a group
slapd_person() {
	cat <<-EOT
	dn: uid=$1,ou=people,$SLAPD_SUFFIX
	objectClass: inetOrgPerson
	uid: $1
	cn: $1 example
	sn: example
	givenName: $1
	mail: $1@example.com

	EOT
}

slapd_group() {
	printf 'dn: cn=%s,ou=groups,%s\nobjectClass: groupOfNames\ncn: %s\n' "$1" "$SLAPD_SUFFIX" "$1"
	shift
	for slapd_member; do
		echo "member: uid=$slapd_member,ou=people,$SLAPD_SUFFIX"
	done
	echo
}

# Who may read what; write it anew and restart to take rights away.
slapd_access() {
	cat > "$SLAPD_DIR/access.conf" <<-EOT
	limits dn.exact="$SLAPD_READER" size=unlimited time=unlimited
	$*
	access to attrs=userPassword by anonymous auth by * none
	access to * by dn.exact="$SLAPD_READER" read by dn.exact="cn=robot,$SLAPD_SUFFIX" read by * none
	EOT
}

# Who may read the log of changes; as above.
slapd_log_access() {
	cat > "$SLAPD_DIR/log-access.conf" <<-EOT
	limits dn.exact="$SLAPD_READER" size=unlimited time=unlimited
	$*
	access to * by dn.exact="$SLAPD_READER" read by * none
	EOT
}

slapd_load() {
	"$SLAPD" -T add -b "$SLAPD_SUFFIX" -q -f "$SLAPD_DIR/slapd.conf" >> "$SLAPD_DIR/slapd.log" 2>&1 || slapd_fail "entries are refused"
}

slapd_backup() {
	"$SLAPD" -T cat -b "$SLAPD_SUFFIX" -f "$SLAPD_DIR/slapd.conf" 2>> "$SLAPD_DIR/slapd.log" || slapd_fail "no backup can be made"
}

slapd_restore() {
	rm -rf "$SLAPD_DIR/db"
	mkdir "$SLAPD_DIR/db"
	slapd_load
}

slapd_make() {
	SLAPD_DIR=$1
	case ${SLAPD:-no} in
	no) slapd_fail "slapd is missing (Debian: apt-get install slapd ldap-utils)" ;;
	esac
	mkdir -p "$SLAPD_DIR/db" "$SLAPD_DIR/log"
	slapd_secret admin-password
	slapd_secret password
	slapd_keys
	slapd_access
	slapd_log_access
	shift
	slapd_conf "$@" > "$SLAPD_DIR/slapd.conf"
	chmod 600 "$SLAPD_DIR/slapd.conf"
	slapd_company | slapd_load
}

# Who listens at a port may be somebody else's server, until ours says that it starts, which it does when it has its ports.
slapd_is_up() {
	[ "$(grep -c 'slapd starting' "$1")" -gt "$2" ] && ldapsearch -x -H "$3" -s base -b '' 1.1 > /dev/null 2>&1
}

slapd_run() {
	slapd_run_conf=$1
	slapd_run_log=$2
	shift 2
	touch "$slapd_run_log"
	slapd_run_before=$(grep -c 'slapd starting' "$slapd_run_log")
	"$SLAPD" -d stats -f "$slapd_run_conf" -h "$*" >> "$slapd_run_log" 2>&1 &
	SLAPD_RUN_PID=$!
	slapd_run_end=$(($(date +%s) + SLAPD_PATIENCE))
	while kill -0 "$SLAPD_RUN_PID" 2> /dev/null && [ "$(date +%s)" -lt "$slapd_run_end" ]; do
		if slapd_is_up "$slapd_run_log" "$slapd_run_before" "$1"; then
			return 0
		fi
		sleep 0.05
	done
	kill -KILL "$SLAPD_RUN_PID" 2> /dev/null
	wait "$SLAPD_RUN_PID" 2> /dev/null
	return 1
}

# Start on the ports that are set.
slapd_try() {
	SLAPD_URL=ldap://127.0.0.1:$SLAPD_PORT
	SLAPD_TLS_URL=ldaps://127.0.0.1:$SLAPD_TLS_PORT
	slapd_run "$SLAPD_DIR/slapd.conf" "$SLAPD_DIR/slapd.log" "$SLAPD_URL/" "$SLAPD_TLS_URL/" && SLAPD_PID=$SLAPD_RUN_PID
}

slapd_random_port() {
	echo $((20000 + $(od -An -N2 -tu2 /dev/urandom) % 6000)) # port.sh has those above
}

slapd_start() {
	for slapd_round in $(seq 20); do
		SLAPD_PORT=$(slapd_random_port)
		SLAPD_TLS_PORT=$(slapd_random_port)
		slapd_try && return 0
	done
	slapd_fail "slapd does not start"
}

# Somebody else may have the port for a moment.
slapd_start_again() {
	for slapd_round in $(seq 20); do
		slapd_try && return 0
		sleep 1
	done
	slapd_fail "slapd does not start again"
}

slapd_end() {
	[ -n "$SLAPD_PID" ] || return 0
	kill "-$1" "$SLAPD_PID" 2> /dev/null
	kill -CONT "$SLAPD_PID" 2> /dev/null # one that a test stopped could not end
	wait "$SLAPD_PID" 2> /dev/null
	SLAPD_PID=
}

slapd_stop() { slapd_end TERM; }
slapd_kill() { slapd_end KILL; }

slapd_modify() {
	ldapmodify -x -H "$SLAPD_URL" -D "$SLAPD_ADMIN" -y "$SLAPD_DIR/admin-password" > /dev/null ||
		slapd_fail "a change is refused"
}

slapd_find() {
	slapd_base=$1
	slapd_filter=$2
	shift 2
	ldapsearch -x -LLL -o ldif-wrap=no -H "$SLAPD_URL" -D "$SLAPD_READER" -y "$SLAPD_DIR/password" -b "$slapd_base" \
		"$slapd_filter" "$@"
}
