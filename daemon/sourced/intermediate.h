/* SPDX-License-Identifier: ISC */
/* An intermediate response (RFC 4511 section 4.13): its name and value, neither of which a server has to send. */
#ifndef SOURCED_INTERMEDIATE_H
#define SOURCED_INTERMEDIATE_H

#include "base/err.h"

#include <ldap.h>
#include <stdbool.h>

struct au_intermediate {
	struct berval *name, *value; /* NULL when absent */
};

/* AU_EPROTO.  au_intermediate_done frees what was read. */
int au_intermediate_read(LDAPMessage *message, struct au_intermediate *ret, struct au_err *err);
/* Whether its name is this one. */
bool au_intermediate_is(const struct au_intermediate *intermediate, const char *name);
void au_intermediate_done(struct au_intermediate *intermediate);

#endif
