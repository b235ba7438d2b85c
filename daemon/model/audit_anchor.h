/* SPDX-License-Identifier: ISC */
/* An anchor of the audit chain: which row was its last one when that was told elsewhere, and that row's MAC. */
#ifndef MODEL_AUDIT_ANCHOR_H
#define MODEL_AUDIT_ANCHOR_H

#include "base/err.h"

#include <stdbool.h>

#define AU_AUDIT_MAC_HEX 65

struct au_audit_anchor {
	long long seq; /* from 1; 0 before the first row */
	char mac[AU_AUDIT_MAC_HEX]; /* lower case */
};

/* AU_EINVAL: no number of a row, or no MAC. */
int au_audit_anchor_make(long long seq, const char *mac, struct au_audit_anchor *ret, struct au_err *err);
/* "audit: row 1200 has MAC 01ab...", as it is logged.  Returns buf. */
#define AU_AUDIT_ANCHOR_SIZE 120
const char *au_audit_anchor_print(const struct au_audit_anchor *anchor, char buf[AU_AUDIT_ANCHOR_SIZE]);
/* The same anywhere in a line of a log. */
bool au_audit_anchor_find(const char *line, struct au_audit_anchor *ret);

#endif
