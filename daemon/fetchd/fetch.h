/* SPDX-License-Identifier: ISC */
/* One document over https. */
#ifndef FETCHD_FETCH_H
#define FETCHD_FETCH_H

#include "base/str.h"
#include "wire/fetch.h"

/*
 * Fetch what the order says into body.  https only, also behind redirects, of which three are followed; TLS 1.2 and
 * up, the server's name and chain checked; no proxy, no cookies, no credentials.  AU_EINVAL: another scheme; AU_ELIMIT:
 * more than order->max bytes; AU_ETEMP: no connection, no trust, another status than 200, not in time.
 */
int au_fetch(const struct au_fetch_order *order, struct au_str *body, struct au_err *err);
/* Answer orders from the channel until it closes; an exit code. */
int au_fetch_serve(int fd);

#endif
