# SPDX-License-Identifier: ISC
# shellcheck shell=bash disable=SC2154 # run.sh sets what is used here
# The third-party suites, one function each: it writes one line a check to standard output, separated by tabs: pass, fail
# or skip; the check; what it said.  Arguments: base URL, file with the token.  The endpoint's CA is $work/cert.pem.

# What is run: a name, which is the client's and that in expected.txt too; the suite; how many checks it has at least, for
# fewer mean that it gave up on the way; further sections of the configuration.
runs=(
	"scim2-tester scim2_tester 141 /dev/null"
	"scim2-tester-types scim2_tester 197 $top_srcdir/tests/conformance/types.conf"
	"scim-sanity scim_sanity 45 $top_srcdir/tests/conformance/agents.conf"
)

# Everything that pip brings, in one virtual environment that is made again when the list of versions changes.
install_suites() {
	local list="$top_srcdir/tests/conformance/requirements.txt"
	if ! cmp -s "$list" "$scratch/venv/requirements.txt"; then
		rm -rf "$scratch/venv"
		python3 -m venv "$scratch/venv" || die "python3 cannot make a virtual environment (Debian: python3-venv)"
		"$scratch/venv/bin/pip" install --quiet --no-input --no-cache-dir --disable-pip-version-check --no-deps \
			--only-binary :all: --requirement "$list" >&2 || die "pip could not install the suites"
		"$scratch/venv/bin/pip" check >&2 || die "the versions in requirements.txt do not fit together"
		cp "$list" "$scratch/venv/requirements.txt"
	fi
}

scim2_tester() {
	"$scratch/venv/bin/python" "$top_srcdir/tests/conformance/run_tester.py" "$1" "$2" "$work/cert.pem"
}

# Its exit status tells of failures, which are read from its answer; no answer at all is found by the count.
scim_sanity() {
	"$scratch/venv/bin/scim-sanity" probe "$1" --token "$(cat "$2")" --ca-bundle "$work/cert.pem" \
		--i-accept-side-effects --json-output >"$work/scim_sanity.json" || true
	jq -r '.results[] | [.status, "\(.phase): \(.name)", .message // ""] | @tsv' "$work/scim_sanity.json"
}
