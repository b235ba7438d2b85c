/* SPDX-License-Identifier: ISC */
/*
 * The client's side of SASL GSSAPI with Kerberos (RFC 4752), step by step, with
 * a ticket that a keytab gets us.  Steps ask a KDC and block: call them aside.
 * No security layer is agreed on, as TLS is beneath.
 */
#ifndef SOURCED_KERBEROS_H
#define SOURCED_KERBEROS_H

#include "sourced/fault.h"

#include <lber.h>

struct au_kerberos;

/*
 * keytab: path.  principal: who we are; NULL: the keytab's first.  host: the server's name as it is in Kerberos, taken
 * to the letter: DNS is not asked for another.  binding: what ties the log-in to the TLS connection (RFC 5929
 * tls-server-end-point with its prefix); may be empty.  All are copied.
 */
struct au_kerberos *au_kerberos_new(
    const char *keytab, const char *principal, const char *host, const struct berval *binding);
void au_kerberos_free(struct au_kerberos *kerberos); /* NULL is fine */

/*
 * Answer what the server sent (nothing, to begin with).  ret is the caller's, to be freed by free(); it may be empty,
 * which must be sent all the same.  False: fault is set, and tickets are forgotten.
 */
bool au_kerberos_step(
    struct au_kerberos *kerberos, const struct berval *challenge, struct berval *ret, struct au_fault *fault);
/* Whether there is nothing more to say: only then may the server's consent be believed. */
bool au_kerberos_is_done(const struct au_kerberos *kerberos);
/* The server refuses the tickets that we have: get others next time.  Quick. */
void au_kerberos_forget(void);

#endif
