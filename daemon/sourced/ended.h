/* SPDX-License-Identifier: ISC */
/* The message that ends an answer: LDAPResult with its controls (RFC 4511 section 4.1.9). */
#ifndef SOURCED_ENDED_H
#define SOURCED_ENDED_H

#include "sourced/fault.h"

#include <ldap.h>

struct au_ended {
	int code;               /* of the result; of libldap's when the message cannot be decoded */
	char *text;             /* the server's own; may be NULL */
	LDAPControl **controls; /* may be NULL */
};

/* Take it apart; au_ended_done frees what it holds. */
struct au_ended au_ended_read(LDAP *ld, LDAPMessage *message);
void au_ended_done(struct au_ended *ended); /* for AU_CLEANUP */
/* What the code means for what was done; fills fault and returns it. */
struct au_fault *au_ended_fault(const struct au_ended *ended, const char *doing, struct au_fault *fault);

#endif
