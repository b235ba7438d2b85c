/* SPDX-License-Identifier: ISC */
/* What can go wrong with a directory, sorted by what we do about it. */
#ifndef SOURCED_FAULT_H
#define SOURCED_FAULT_H

#include <stdbool.h>

enum au_fault_kind {
	AU_FAULT_NONE = 0,
	AU_FAULT_REACH,   /* connection, TLS, busy, time: another server may do better */
	AU_FAULT_PARTIAL, /* the answer is not whole: the reading counts for nothing, try again */
	AU_FAULT_SETUP,   /* the directory refuses what we ask: an administrator has to act */
	AU_FAULT_LOGIN,   /* wrong credentials: asking often may lock the account */
	AU_FAULT_REFUSED, /* the server does not do what it offers: follow it in another way */
	AU_FAULT_RELOAD,  /* the server does not know our cookie (RFC 4533 e-syncRefreshRequired) */
};

#define AU_FAULT_TEXT 512

struct au_fault {
	enum au_fault_kind kind;
	int code;       /* LDAP result code, 0 when none */
	bool fail_over; /* try the next server */
	char text[AU_FAULT_TEXT];
};

/* Fill fault; returns it. */
struct au_fault *au_fault_set(struct au_fault *fault, enum au_fault_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* From an LDAP result code; detail (may be NULL) is the server's own text. */
struct au_fault *au_fault_from_code(struct au_fault *fault, int code, const char *doing, const char *detail);
/* Say that it was the same so many times in a row. */
void au_fault_count(struct au_fault *fault, unsigned times);

#endif
