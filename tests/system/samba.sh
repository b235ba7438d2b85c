#!/bin/sh
# SPDX-License-Identifier: ISC
# An Active Directory of one's own for tests: Samba's domain controller on a loopback address that nobody else has, with
# the company of slapd.sh, which must be read before.
#
#   . "$top_srcdir/tests/system/samba.sh"
#   samba_skip                  end the script with 77 when this machine cannot run one
#   samba_make DIR              make a domain below DIR and the company in it; leaves it running
#   samba_start_again           start on the same address
#   samba_stop; samba_kill      SIGTERM; SIGKILL
#   samba_modify < LDIF         change entries (changetype), as administrator
#   samba_find BASE FILTER ATTRIBUTE...
#                               LDIF without comments or folding, straight from the files; ids are readable
#   samba_person NAME; samba_group NAME MEMBER...
#                               LDIF of one
#   samba_account NAME          an account that may do what any account may; its password is in the file DIR/NAME
#   samba_promote NAME          let it see what is deleted, which Samba shows to administrators only
#
# Sets SAMBA_URL, SAMBA_SUFFIX.  Only the process started here is ever stopped.

SAMBA_PID=
SAMBA_REALM=ad.example.com
SAMBA_SUFFIX=DC=ad,DC=example,DC=com

samba_fail() {
	echo "samba.sh: $*" >&2
	[ ! -s "$SAMBA_DIR/samba.log" ] || tail -n 20 "$SAMBA_DIR/samba.log" >&2
	exit 1
}

# The ports of a domain controller are fixed, and low.
samba_skip() {
	if [ "$(id -u)" -ne 0 ]; then
		echo "samba.sh: only root may listen where a domain controller does" >&2
		exit 77
	fi
}

samba_secret() {
	printf 'Aa1-%s' "$(openssl rand -hex 12)" > "$SAMBA_DIR/$1"
	chmod 600 "$SAMBA_DIR/$1"
}

samba_conf() {
	cat <<-EOT
	[global]
	netbios name = DC1
	workgroup = AD
	realm = $SAMBA_REALM
	server role = active directory domain controller
	server services = ldap
	interfaces = $SAMBA_ADDRESS/8
	bind interfaces only = yes
	private dir = $SAMBA_DIR/private
	state directory = $SAMBA_DIR/state
	cache directory = $SAMBA_DIR/cache
	lock directory = $SAMBA_DIR
	pid directory = $SAMBA_DIR/run
	ncalrpc dir = $SAMBA_DIR/ncalrpc
	binddns dir = $SAMBA_DIR/bind-dns
	winbindd socket directory = $SAMBA_DIR/winbindd
	ntp signd socket directory = $SAMBA_DIR/ntp
	log file = $SAMBA_DIR/log.%m
	logging = file
	ldap server require strong auth = no
	EOT
}

samba_person() {
	cat <<-EOT
	dn: CN=$1,OU=people,$SAMBA_SUFFIX
	objectClass: user
	cn: $1
	sAMAccountName: $1
	givenName: $1
	sn: example
	mail: $1@example.com
	userAccountControl: 544

	EOT
}

samba_group() {
	printf 'dn: CN=%s,OU=groups,%s\nobjectClass: group\ncn: %s\nsAMAccountName: %s\n' "$1" "$SAMBA_SUFFIX" "$1" "$1"
	shift
	for samba_member; do
		echo "member: CN=$samba_member,OU=people,$SAMBA_SUFFIX"
	done
	echo
}

samba_company() {
	for samba_unit in people groups machines; do
		printf 'dn: OU=%s,%s\nobjectClass: organizationalUnit\n\n' "$samba_unit" "$SAMBA_SUFFIX"
	done
	for samba_name in anna bert cleo dave emma finn gina hugo iris jack; do
		samba_person "$samba_name"
	done
	samba_group builders anna bert cleo
	samba_group writers dave
}

# A random one of 127/8, so that tests do not meet.
samba_address() {
	od -An -N3 -tu1 /dev/urandom | awk '{ printf "127.%d.%d.%d\n", 1 + $1 % 250, $2, 1 + $3 % 250 }'
}

samba_make() {
	SAMBA_DIR=$1
	SAMBA=$(command -v samba || echo /usr/sbin/samba)
	[ -x "$SAMBA" ] && command -v samba-tool > /dev/null && command -v ldbsearch > /dev/null ||
		samba_fail "samba is missing (Debian: apt-get install samba samba-ad-dc samba-ad-provision samba-dsdb-modules ldb-tools)"
	mkdir -p "$SAMBA_DIR"
	samba_secret admin-password
	SAMBA_ADDRESS=$(samba_address)
	SAMBA_URL=ldap://$SAMBA_ADDRESS
	samba-tool domain provision --targetdir="$SAMBA_DIR" --realm="$SAMBA_REALM" --domain=AD --server-role=dc \
		--dns-backend=NONE --adminpass="$(cat "$SAMBA_DIR/admin-password")" --host-name=dc1 \
		--host-ip=127.0.0.1 --option="interfaces=lo" --option="bind interfaces only=yes" \
		> "$SAMBA_DIR/samba.log" 2>&1 || samba_fail "no domain can be made"
	for samba_folder in run cache ncalrpc winbindd ntp; do
		mkdir -p "$SAMBA_DIR/$samba_folder"
	done
	samba_conf > "$SAMBA_DIR/etc/smb.conf"
	samba_company | ldbadd -H "$SAMBA_DIR/private/sam.ldb" >> "$SAMBA_DIR/samba.log" 2>&1 ||
		samba_fail "the company is refused"
	samba_start_again
}

samba_is_up() {
	ldapsearch -x -H "$SAMBA_URL" -s base -b '' 1.1 > /dev/null 2>&1
}

samba_start_again() {
	"$SAMBA" -i --no-process-group -M single -s "$SAMBA_DIR/etc/smb.conf" < /dev/null >> "$SAMBA_DIR/samba.log" 2>&1 &
	SAMBA_PID=$!
	samba_end_time=$(($(date +%s) + SLAPD_PATIENCE))
	while [ "$(date +%s)" -lt "$samba_end_time" ]; do
		kill -0 "$SAMBA_PID" 2> /dev/null || samba_fail "samba ends at once"
		if samba_is_up; then
			return 0
		fi
		sleep 0.1
	done
	samba_fail "samba does not start"
}

samba_end() {
	[ -n "$SAMBA_PID" ] || return 0
	kill "-$1" "$SAMBA_PID" 2> /dev/null
	kill -CONT "$SAMBA_PID" 2> /dev/null
	wait "$SAMBA_PID" 2> /dev/null
	SAMBA_PID=
}

samba_stop() { samba_end TERM; }
samba_kill() { samba_end KILL; }

samba_modify() {
	ldapmodify -x -H "$SAMBA_URL" -D "Administrator@$SAMBA_REALM" -y "$SAMBA_DIR/admin-password" > /dev/null ||
		samba_fail "a change is refused"
}

samba_find() {
	samba_base=$1
	samba_filter=$2
	shift 2
	ldbsearch -H "$SAMBA_DIR/private/sam.ldb" -b "$samba_base" "$samba_filter" "$@" 2> /dev/null |
		sed -e '/^#/d' | awk '
		/^ / { line = line substr($0, 2); next }
		{ if (NR > 1) print line; line = $0 }
		END { print line }'
}

samba_tool() {
	samba-tool "$@" -s "$SAMBA_DIR/etc/smb.conf" >> "$SAMBA_DIR/samba.log" 2>&1 || samba_fail "samba-tool $1 $2"
}

samba_account() {
	samba_secret "$1"
	samba_tool user create "$1" "$(cat "$SAMBA_DIR/$1")"
}

samba_promote() {
	samba_tool group addmembers 'Domain Admins' "$1"
}
