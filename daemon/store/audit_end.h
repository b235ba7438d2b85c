/* SPDX-License-Identifier: ISC */
/*
 * The end of the audit chain as the writer knows it: rows of one commit neither read nor write it each.  Whoever ends a
 * transaction of a writer settles it before, or forgets it when the transaction is rolled back.
 */
#ifndef STORE_AUDIT_END_H
#define STORE_AUDIT_END_H

#include "store/tx.h"

#define AU_AUDIT_MAC 32

struct au_audit_end {
	bool is_known, is_moved; /* is_moved: the stored one is behind */
	long long seq;           /* 0 and zeros before the first row */
	unsigned char mac[AU_AUDIT_MAC];
};

/* Write it, sealed, if it has moved. */
int au_audit_settle(struct au_store_tx *tx, struct au_err *err);
void au_audit_forget(struct au_audit_end *end);

#endif
