/* SPDX-License-Identifier: ISC */
/* What those who write, check and shorten the audit chain have in common. */
#ifndef STORE_AUDIT_CHAIN_H
#define STORE_AUDIT_CHAIN_H

#include "store/audit.h"
#include "store/audit_end.h"

/* A row's number and MAC, sealed: either end of the chain.  What it marks is part of the seal. */
struct au_audit_mark {
	long long seq; /* 0 and zeros: before the first row ever */
	unsigned char mac[AU_AUDIT_MAC], seal[AU_AUDIT_MAC];
};

#define AU_AUDIT_HEAD "head of the audit chain"
#define AU_AUDIT_START "start of the audit chain"

int au_audit_need_key(const struct au_store_tx *tx, struct au_err *err); /* AU_EINVAL */
void au_audit_copy_mac(const struct au_value *value, unsigned char mac[AU_AUDIT_MAC]); /* zeros when it is none */
/* A row reader of seq, mac and seal; object is a mark. */
void au_audit_read_mark(const struct au_value *row, struct au_arena *arena, void *object);
void au_audit_seal(const unsigned char *key, const char *what, struct au_audit_mark *mark);
/* Of a row behind the one whose MAC is before. */
void au_audit_mac(const unsigned char *key, const unsigned char before[AU_AUDIT_MAC], const struct au_audit *row,
    unsigned char mac[AU_AUDIT_MAC]);

#endif
