/* SPDX-License-Identifier: ISC */
/* Cookies are bytes to RFC 4533 and text to the store: readable ones stay as they are, others become "hex:...". */
#ifndef SOURCED_COOKIE_H
#define SOURCED_COOKIE_H

#include <lber.h>

/* Caller frees. */
char *au_cookie_text(const struct berval *cookie);
/* The bytes again; caller frees bv_val.  Text that is not ours gives an empty value. */
struct berval au_cookie_bytes(const char *text);

#endif
