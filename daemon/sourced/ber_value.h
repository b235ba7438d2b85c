/* SPDX-License-Identifier: ISC */
/*
 * Reading the BER value of a control or message from what may be a hostile
 * server.  liblber aborts or crashes when it is given an absent or empty value;
 * this stands in front of it everywhere.
 */
#ifndef SOURCED_BER_VALUE_H
#define SOURCED_BER_VALUE_H

#include "base/err.h"

#include <lber.h>

/*
 * Open a value for ber_scanf, which reads in place: it must be followed by one more byte, as those from libldap are.
 * what names it in errors.  NULL with AU_EPROTO in err when there is none.
 */
BerElement *au_ber_open(const struct berval *value, const char *what, struct au_err *err);
void au_ber_close(BerElement **ber); /* frees the element, not the value that it reads */
/* AU_EPROTO: the value cannot be decoded. */
int au_ber_cut(const char *what, struct au_err *err);

#endif
