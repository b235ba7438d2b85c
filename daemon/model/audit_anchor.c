/* SPDX-License-Identifier: ISC */
/* One text for who logs an anchor and for who finds it in the log again. */
#include "model/audit_anchor.h"

#include <stdio.h>
#include <string.h>

#define WORDS "audit: row "
#define MAC_LEN (AU_AUDIT_MAC_HEX - 1)

int
au_audit_anchor_make(long long seq, const char *mac, struct au_audit_anchor *ret, struct au_err *err)
{
	if (seq <= 0 || mac == NULL || strlen(mac) != MAC_LEN || strspn(mac, "0123456789abcdef") != MAC_LEN)
		return au_fail(err, AU_EINVAL, "anchor: expected the number of a row, and its MAC of %d digits from 0 to f",
		    MAC_LEN);
	ret->seq = seq;
	memcpy(ret->mac, mac, sizeof ret->mac);
	return 0;
}

const char *
au_audit_anchor_print(const struct au_audit_anchor *anchor, char buf[AU_AUDIT_ANCHOR_SIZE])
{
	snprintf(buf, AU_AUDIT_ANCHOR_SIZE, WORDS "%lld has MAC %s", anchor->seq, anchor->mac);
	return buf;
}

bool
au_audit_anchor_find(const char *line, struct au_audit_anchor *ret)
{
	const char *at = strstr(line, WORDS);
	char mac[AU_AUDIT_MAC_HEX];
	long long seq;

	return at != NULL && sscanf(at, WORDS "%18lld has MAC %64[0-9a-f]", &seq, mac) == 2 &&
	    au_audit_anchor_make(seq, mac, ret, NULL) == 0;
}
