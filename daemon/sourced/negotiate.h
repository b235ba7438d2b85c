/* SPDX-License-Identifier: ISC */
/* A log-in by Kerberos on a line: bind requests and answers in turn, the steps between them aside. */
#ifndef SOURCED_NEGOTIATE_H
#define SOURCED_NEGOTIATE_H

#include "sourced/kerberos.h"
#include "sourced/line.h"

struct au_negotiate;

/* fault NULL: logged in.  Once; the negotiation may be freed from within. */
typedef void au_negotiated(void *ctx, const struct au_fault *fault);

/* kerberos becomes the negotiation's.  The line outlives it; its own failures are told by the line. */
struct au_negotiate *au_negotiate_new(struct event_base *base, struct au_line *line, struct au_kerberos *kerberos,
    int64_t timeout_ms, au_negotiated *done, void *ctx);
void au_negotiate_free(struct au_negotiate *negotiate); /* no callback afterwards; NULL is fine */

#endif
