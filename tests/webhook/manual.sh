#!/bin/sh
# SPDX-License-Identifier: ISC
# The manual's example of checking a signature finds a genuine document genuine, and no other one.
page=$top_srcdir/daemon/reconcile/apiuserd-work.7
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
sed -n '/^Checking a document/,$p' "$page" | sed -n '/^\.Bd/,/^\.Ed/p' | sed -e '/^\./d' -e 's/\\e/\\/g' >check
grep -q openssl check || { echo "the example is not there"; exit 1; }

date() { echo "$now"; } # the example's own moment
says_genuine() {
	# shellcheck disable=SC1091 # it is cut out of the page
	[ "$(. ./check)" = genuine ]
}
echo 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' >key
printf '%s' '{"test": 2432232314}' >body
# shellcheck disable=SC2034 # the example reads them
id=msg_p5jXN8AQM9LWM0D4loKWxJek time=1614265330 now=1614265331
signatures='v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
says_genuine || { echo "a genuine document is refused"; exit 1; }
# shellcheck disable=SC2034
now=1614265930
if says_genuine; then echo "an old one is taken"; exit 1; fi
now=1614265331
printf '%s' '{"test": 2432232315}' >body
if says_genuine; then echo "a changed one is taken"; exit 1; fi
