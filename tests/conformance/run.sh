#!/bin/bash
# SPDX-License-Identifier: ISC
# Third-party SCIM suites against apiuserd with a store of its own, over TLS, each as a client of its own.
# `make check-conformance` runs it.  Results stay in tests/conformance/results in the build folder.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
# shellcheck source=tests/system/lib.sh disable=SC2154 # make sets it
. "$top_srcdir/tests/system/lib.sh"
scratch=$top_builddir/tests/conformance
# shellcheck source=tests/conformance/suites.sh
. "$top_srcdir/tests/conformance/suites.sh"

# write_endpoint_config CLIENT SECTIONS: for a store of its own
write_endpoint_config() {
	cat - "$2" >"$work/apiuserd.conf" <<-CONF
		daemon: { state_dir = "$work/state-$1"; helper_dir = "$work/helpers"; };
		control: { socket = "$work/control.sock"; };
		scim: { listen = [ "127.0.0.1:$scim_port" ]; base_url = "$url";
		        tls_certificate = "$work/cert.pem"; tls_key = "file:$work/cert.key"; };
		scim_clients: ( { name = "$1"; max_requests_per_second = 10000; } );
	CONF
}

make_certificate() {
	(umask 077; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost -keyout "$work/cert.key" -out "$work/cert.pem" 2>/dev/null) ||
		die "openssl cannot make a certificate"
}

make_token() { (umask 077; ctl --json client add --force "$1" | jq -re .token >"$work/$1.token"); }

# run_suite CLIENT SUITE LEAST SECTIONS: its results, compared with expected.txt; succeeds when all is as expected
run_suite() {
	local client=$1 results=$scratch/results/$1
	say "$client"
	write_endpoint_config "$client" "$4"
	start daemon "$top_builddir/daemon/main/apiuserd" -f "$work/apiuserd.conf"
	wait_for "apiuserd answers" ctl client list
	make_token "$client"
	"$2" "$url" "$work/$client.token" >"$results.tsv" 2>"$results.log" ||
		echo "  $client ended with an error: $(tail -n 3 "$results.log")"
	stop daemon
	awk -v suite="$client" -v least="$3" -f "$top_srcdir/tests/conformance/judge.awk" \
		"$top_srcdir/tests/conformance/expected.txt" "$results.tsv" | tee "$results.judged"
}

install_suites
rm -rf "$scratch/results"
mkdir -p "$scratch/results" "$work/helpers"
ln -s "$top_builddir/daemon/sourced/apiuserd-source" "$top_builddir/daemon/targetd/apiuserd-target" "$work/helpers/"
make_certificate
scim_port=$(free_port "$work/ports")
url=https://localhost:$scim_port/scim/v2
bad=0
# shellcheck disable=SC2086 # four words each
for run in "${runs[@]}"; do run_suite $run || bad=1; done
cat "$scratch"/results/*.judged >"$scratch/results/all.log"
[ "$bad" = 0 ] || { echo "FAIL: the suites did not answer as tests/conformance/expected.txt has it"; exit 1; }
pass
