/* SPDX-License-Identifier: ISC */
/* Dates as directories and services write them into attributes. */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/err.h"

/*
 * One of, with blanks around it:
 *
 *	2026-12-31, 2026-12-31T10:00:00Z   ISO 8601, as au_when_parse reads it; a day alone is its beginning in UTC
 *	20261231100000Z, 2026123110+0100   generalized time (RFC 4517 section 3.3.13)
 *	20261231                           a day alone
 *	134116416000000000                 steps of 100 ns since 1601, as Active Directory counts (MS-ADA1,
 *accountExpires) 20818                              days since 1970, five digits, as shadowExpire counts (RFC 2307
 *section 2.2)
 *
 * *ret_wall_ms is 0 for what means never: "never", 0, a negative number, and from the greatest number of 63 bits on; a
 * moment before 1970 becomes 1.  AU_EINVAL for anything else; nothing is written then.
 */
int au_date_parse(const char *text, int64_t *ret_wall_ms, struct au_err *err);

#endif
