#!/bin/sh
# SPDX-License-Identifier: ISC
# Orders that people follow: those of the products without an API are whole and exact, and each defect is found by words
# that name it.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 077
echo planted-canary > "$work/secret"

# check NAME PLUGIN SECONDS
check() {
	"$top_builddir/daemon/plugincheck/apiuserd-target-check" --config "$work/$1.json" --only order --timeout "$3" "$2" \
		> "$work/$1.said" 2>&1
}

# whole NAME PLUGIN: nothing is found, and nothing is left out
whole() {
	check "$1" "$2" 300 || { echo "$1: fault was found:"; cat "$work/$1.said"; exit 1; }
	grep -q '^ok   order ' "$work/$1.said" || { echo "$1: not a whole check:"; cat "$work/$1.said"; exit 1; }
}

# defect NAME WORDS [SECONDS]: is found by the words, which do not show the secret
defect() {
	faulty "$1"
	if check "$1" "$top_builddir/tests/plugincheck/.libs/faulty-order.so" "${3-300}"; then
		echo "$1: nothing was found"; exit 1
	fi
	grep -q -e "$2" "$work/$1.said" || { echo "$1: expected '$2', got:"; cat "$work/$1.said"; exit 1; }
	! grep -q planted-canary "$work/$1.said" || { echo "$1: the check itself shows the secret"; exit 1; }
}
faulty() {
	cat > "$work/$1.json" <<-END
		{ "options": { "behave": "$1", "password": "file:$work/secret" },
		  "rights": [ { "roles": ["a"] }, { "roles": ["b"] } ] }
	END
}

cat > "$work/movius.json" <<END
{ "options": { "organisation": "Example > Sales", "applications": ["Dialler"], "mail_domains": ["example.com"] },
  "rights": [ { "applications": ["Dialler"] }, { "applications": ["Salesforce", "Dialler"] } ] }
END
whole movius "$top_builddir/plugins/movius/.libs/movius.so"
cat > "$work/iris.json" <<END
{ "options": {}, "rights": [ { "self": ["Personal: read-only"] }, { "self": ["Personal: full"] } ] }
END
whole iris "$top_builddir/plugins/iris-hr/.libs/iris-hr.so"

faulty none
whole none "$top_builddir/tests/plugincheck/.libs/faulty-order.so"
defect silent 'emitted no order'
defect odd-code 'returned 5, which is no code'
defect secret 'put a secret into the order'
defect no-lines "'lines': expected 1 to 64 instructions"
defect endless "'lines': expected 1 to 64 instructions"
defect bad-asks 'is no member of an account that can be asked for'
defect no-label "'secret_label' is missing"
defect twice 'emitted two orders'
defect refuses "expected an order, got temporary 'not now'"
defect crash 'was ended by signal 11'
defect hang 'gave no answer in time' 1
defect moody "order for 'create', asked for again: was "
defect nameless 'nothing says which account it is about'
defect always-on 'switching on and off are the same'
defect without-rights 'two rights that differ are the same'
defect cuts 'with a label that is .*: expected'
defect splits 'with a label that is lines of a header: expected'
defect shouts 'a control character breaks the line'
defect keeps "used 'login', which it was lent, after its call"
defect changes-folder 'leaves the process in another folder'
