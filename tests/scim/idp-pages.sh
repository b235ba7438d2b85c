#!/bin/sh
# SPDX-License-Identifier: ISC
# Each identity provider with a profile has a page, each page names the conversations that stand for it and its profile,
# every conversation is named by a page or is about a profile, and whoever reads README.md finds the pages.
set -eu
pages=$top_srcdir/docs/idp talks=$top_srcdir/tests/scim/conversations rc=0
complain() {
	echo "$1"
	rc=1
}
providers=$(sed -n 's/^\.It Cm \([a-z]*\) No ([A-Z].*/\1/p' "$top_srcdir/daemon/scim/apiuserd-scim.7")
[ "$(echo "$providers" | wc -w)" -ge 7 ] || complain "hardly any profile in apiuserd-scim(7)"
for provider in $providers; do
	page=$pages/$provider.md
	[ -s "$page" ] || { complain "$page is missing"; continue; }
	grep -q "^Profile \`$provider\`" "$page" || complain "$page does not name its profile"
	grep -q "^## With \`profile = \"$provider\"\`" "$page" || complain "$page does not say what its profile does"
	grep -q "($provider.md)" "$pages/README.md" || complain "docs/idp/README.md has no link to $provider.md"
	grep -q "%D%/idp/$provider.md" "$top_srcdir/docs/docs.am" || complain "$provider.md is not installed"
	# the paragraph that begins with "Profile"
	named=$(sed -n '/^Profile `/,/^$/p' "$page" | tr '\n' ' ' | sed 's/.*Conversations: *//' | tr -d '`,.')
	[ -n "$named" ] || complain "$page names no conversation"
	for talk in $named; do
		[ -s "$talks/$talk.talk" ] || complain "$page: there is no conversation $talk"
		grep -q "^profiles.* $provider\( \|$\)" "$talks/$talk.talk" || complain "$talk is not held as $provider"
	done
done
for talk in "$talks"/*.talk; do
	name=$(basename "$talk" .talk)
	case $name in
	profile-*) ;;
	*) grep -qr "\`$name\`" "$pages" || complain "no page names the conversation $name" ;;
	esac
done
grep -q '(docs/idp/README.md)' "$top_srcdir/README.md" || complain "README.md has no link to docs/idp"
exit $rc
