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

write_endpoint_config() {
	local suite clients=
	for suite in "${suites[@]}"; do
		clients+="${clients:+, }{ name = \"${suite//_/-}\"; max_requests_per_second = 10000; }"
	done
	mkdir "$work/helpers"
	ln -s "$top_builddir/daemon/sourced/apiuserd-source" "$top_builddir/daemon/targetd/apiuserd-target" \
		"$top_builddir/daemon/fetchd/apiuserd-fetch" "$work/helpers/"
	scim_port=$(free_port)
	url=https://localhost:$scim_port/scim/v2
	cat >"$work/apiuserd.conf" <<-CONF
		daemon: { state_dir = "$work/state"; helper_dir = "$work/helpers"; };
		control: { socket = "$work/control.sock"; };
		scim: { listen = [ "127.0.0.1:$scim_port" ]; base_url = "$url";
		        tls_certificate = "$work/cert.pem"; tls_key = "file:$work/cert.key"; };
		scim_clients: ( $clients );
	CONF
}

make_certificate() {
	(umask 077; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost -keyout "$work/cert.key" -out "$work/cert.pem" 2>/dev/null) ||
		die "openssl cannot make a certificate"
}

make_token() { (umask 077; ctl --json client add --force "$1" | jq -re .token >"$work/$1.token"); }

# run_suite NAME: its results, compared with expected.txt; succeeds when everything is as expected
run_suite() {
	local suite=$1 client=${1//_/-}
	say "$client"
	make_token "$client"
	"$suite" "$url" "$work/$client.token" >"$scratch/results/$client.tsv" 2>"$scratch/results/$client.log" ||
		echo "  $client ended with an error: $(tail -n 3 "$scratch/results/$client.log")"
	awk -v suite="$client" -v least="${least[$suite]}" -f "$top_srcdir/tests/conformance/judge.awk" \
		"$top_srcdir/tests/conformance/expected.txt" "$scratch/results/$client.tsv" | tee "$scratch/results/$client.judged"
}

install_suites
rm -rf "$scratch/results"
mkdir -p "$scratch/results"
make_certificate
write_endpoint_config
start daemon "$top_builddir/daemon/main/apiuserd" -f "$work/apiuserd.conf"
wait_for "apiuserd answers" ctl client list
bad=0
for suite in "${suites[@]}"; do run_suite "$suite" || bad=1; done
cat "$scratch"/results/*.judged >"$scratch/results/all.log"
[ "$bad" = 0 ] || { echo "FAIL: the suites did not answer as tests/conformance/expected.txt has it"; exit 1; }
pass
