/* SPDX-License-Identifier: ISC */
/* One document over https. */
#ifndef FETCHD_FETCH_H
#define FETCHD_FETCH_H

#include "base/str.h"
#include "wire/fetch.h"

/*
 * Fetch what the order says into body.  https only, also behind redirects, of which three are followed; TLS 1.2 and
 * up, the server's name and chain checked; no proxy, no cookies, no credentials.  What is brought is sent once and to
 * where the order says, never where somebody there points to; any status of success will do, and http where the order
 * allows it.  AU_EINVAL: another scheme; AU_ELIMIT: more than order->max bytes; AU_ETEMP: no connection, no trust,
 * another status than 200, not in time; with Retry-After in err.
 */
int au_fetch(const struct au_fetch_order *order, struct au_str *body, struct au_err *err);
/* Answer orders from the channel until it closes; an exit code. */
int au_fetch_serve(int fd);

#endif
