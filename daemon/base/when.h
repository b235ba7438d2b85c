/* SPDX-License-Identifier: ISC */
/* Times, durations and sizes as people write them. */
#ifndef BASE_WHEN_H
#define BASE_WHEN_H

#include "base/err.h"

#define AU_WHEN_SIZE 32 /* buffer for au_when_format */

/* 2026-11-24T10:00:00.123Z; dates before year 0 or after 9999 are clamped.  Returns buf. */
const char *au_when_format(int64_t wall_ms, char buf[AU_WHEN_SIZE]);
/* xsd:dateTime with date and time (RFC 7643 section 2.3.5); zone optional, taken as UTC.  AU_EINVAL otherwise. */
int au_when_parse(const char *text, int64_t *ret_wall_ms, struct au_err *err);

/* "250ms", "10s", "15min", "2h", "30d", "1w", "0"; a bare number other than 0 is refused.  AU_EINVAL. */
int au_duration_parse(const char *text, long long *ret_ms, struct au_err *err);
void au_duration_format(long long ms, char *buf, size_t size); /* the largest unit that divides it */
/* "16KiB", "64MiB", "1GiB", "512B", "0"; a bare number other than 0 is refused.  AU_EINVAL. */
int au_size_parse(const char *text, long long *ret_bytes, struct au_err *err);
void au_size_format(long long bytes, char *buf, size_t size);

#endif
