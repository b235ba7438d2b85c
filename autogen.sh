#!/bin/sh
# SPDX-License-Identifier: ISC
#
# ./autogen.sh                 make ./configure from a git checkout
# ./autogen.sh check [--conformance]
#                              install what is missing, build with sanitizers in build/check, run every test;
#                              with --conformance the third-party SCIM suites too, which pip brings over the network
# ./autogen.sh demo [--keep]   install what is missing, build in build/demo, show the main job live
#
# check and demo need nothing but Debian 12; where the packages are there already they need neither root nor network.
set -eu
cd "$(dirname "$0")"

# Debian packages, one a line: what it is for stands behind it.
packages() {
	sed 's/[[:space:]]*#.*//; /^$/d' <<-'EOF'
		autoconf                 # build: configure
		automake                 # build: Makefile.in
		libtool                  # build: plugins
		pkg-config               # build: finds libraries
		gcc                      # build
		libc6-dev                # build
		make                     # build
		libevent-dev             # event loop, HTTP, TLS buffers
		libjansson-dev           # JSON
		libjose-dev              # signatures of JWTs
		libconfig-dev            # configuration file
		libsystemd-dev           # notify, watchdog, journal
		libsqlite3-dev           # store
		libldap-dev              # directories
		libc-ares-dev            # names and SRV records, without waiting
		libkrb5-dev              # logging in to directories with a keytab
		libcurl4-openssl-dev     # calls to products
		libssl-dev               # TLS
		libsodium-dev            # sealing, tokens, random
		libseccomp-dev           # limits of helper processes
		libunistring-dev         # Unicode folding
		libcmocka-dev            # tests: unit
		389-ds-base              # tests: a real directory of another kind
		bsdextrautils            # demo: tables
		clang                    # tests: fuzzers
		libclang-rt-14-dev       # tests: fuzzers
		curl                     # tests: SCIM as clients send it
		jq                       # tests: answers as a person reads them
		krb5-admin-server        # tests: keytabs for a real KDC
		krb5-kdc                 # tests: a real KDC
		ldap-utils               # tests: changes in a real directory
		ldb-tools                # tests: looks into an Active Directory
		libsasl2-modules-gssapi-mit # tests: a directory that takes Kerberos tickets
		mandoc                   # tests: manual pages
		openssl                  # tests: certificates
		python3-venv             # tests: third-party SCIM suites, in a folder of their own
		python3-samba            # tests: samba-tool, which makes an Active Directory
		samba                    # tests: an Active Directory
		samba-ad-dc              # tests: its domain controller
		samba-ad-provision       # tests: what a new domain begins with
		samba-dsdb-modules       # tests: its database
		samba-vfs-modules        # tests: its SYSVOL, without which no domain is made
		shellcheck               # tests: scripts
		slapd                    # tests: a real directory
		sqlite3                  # tests: looks into the store
		systemd                  # tests: systemd-analyze security
	EOF
}

say() {
	echo "autogen.sh: $*" >&2
}

# Run a command with its output in a log; the end of that is shown when it fails.
quietly() {
	log=$1
	shift
	mkdir -p "$(dirname "$log")"
	"$@" >"$log" 2>&1 || {
		tail -n 30 "$log" >&2
		return 1
	}
}

missing_packages() {
	for package in $(packages); do
		status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=
		[ "$status" = installed ] || echo "$package"
	done
}

# Run a command as root, or fail when there is no way.
as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif sudo -n true 2>/dev/null; then
		sudo -n "$@"
	elif [ -t 0 ] && command -v sudo >/dev/null; then
		sudo "$@"
	else
		return 1
	fi
}

# Packages that bring a daemon (slapd) would start it: policy-rc.d forbids that for as long as we install.
# shellcheck disable=SC2016 # expanded by the shell that runs as root
install_script='
	policy=/usr/sbin/policy-rc.d
	if [ ! -e "$policy" ]; then
		trap "rm -f $policy" EXIT
		trap "exit 1" INT TERM
		printf "#!/bin/sh\nexit 101\n" >"$policy"
		chmod 755 "$policy"
	fi
	export DEBIAN_FRONTEND=noninteractive
	echo "slapd slapd/no_configuration boolean true" | debconf-set-selections || true
	apt-get update
	apt-get install -y --no-install-recommends "$@"
'

install_missing() {
	if ! command -v apt-get >/dev/null; then
		say "not Debian: not installing anything; ./configure tells what is missing"
		return 0
	fi
	missing=$(missing_packages)
	[ -n "$missing" ] || return 0
	# shellcheck disable=SC2086 # one word per package
	set -- $missing
	say "installing $* (log: build/install.log)"
	quietly build/install.log as_root sh -eu -c "$install_script" sh "$@" || {
		say "could not install these packages; as root: apt-get install $*"
		exit 1
	}
}

make_configure() {
	mkdir -p build-aux/m4
	autoreconf --force --install --warnings=all,error
}

configure_in() {
	folder=$1
	shift
	mkdir -p "$folder" && cd "$folder" && ../../configure -q "$@"
}

# Configure and build: folder, then arguments of configure.  Once configured, make itself sees what became stale.
build() {
	{ [ -f configure ] || make_configure; } &&
		{ [ -f "$1/Makefile" ] || (configure_in "$@"); } &&
		make -C "$1" -j"$(nproc)" all
}

# The closing line, counted from automake's own summary and that of the suites; a test that did not run has not passed.
summary() {
	awk '
		/^# (PASS|XFAIL):/ { passed += $3 }
		/^# (FAIL|XPASS|ERROR|SKIP):/ { failed += $3 }
		END {
			if (passed + failed == 0) failed = 1
			printf "%d passed, %d failed\n", passed, failed
			exit failed != 0
		}' "$@" /dev/null
}

# Suites that came to no result (without a network) are one failure.
check_suites() {
	make -C build/check --no-print-directory check-conformance && return
	[ -f "$suites" ] || {
		mkdir -p "${suites%/*}"
		echo '# FAIL: 1' >"$suites"
	}
	return 1
}

# The tests are compiled by as many jobs as there are cores, and run by half as many more: the long ones mostly wait.
run_tests() {
	cores=$(nproc)
	make -C build/check -j"$cores" check TESTS= &&
		make -C build/check -j$((cores + (cores + 1) / 2)) check
}

# Arguments: --conformance or nothing.
run_check() {
	tests=build/check/test-suite.log
	suites=build/check/tests/conformance/results/all.log
	rm -f "$tests" "$suites"
	rc=0
	{ build build/check --enable-dev && run_tests; } || rc=1
	[ -f "$tests" ] || tests=/dev/null
	case ${1-} in
	--conformance) check_suites || rc=1 ;;
	*) suites=/dev/null ;;
	esac
	summary "$tests" "$suites" || rc=1
	return $rc
}

case ${1-} in
'')
	make_configure
	;;
check)
	shift
	install_missing
	run_check "$@"
	;;
demo)
	shift
	install_missing
	say "building (log: build/demo.log)"
	quietly build/demo.log build build/demo
	exec make -C build/demo --no-print-directory -s demo DEMO_FLAGS="$*"
	;;
*)
	sed -n '/^# \.\//s/^# //p' "$0" >&2
	exit 2
	;;
esac
