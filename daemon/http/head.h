/* SPDX-License-Identifier: ISC */
/* The strict parser of a request head (RFC 9112), a pure function: what it accepts has one reading only. */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include "base/err.h"

struct au_http_field {
	const char *name, *value; /* NUL-terminated, in the caller's buffer */
};

struct au_http_head {
	const char *method, *target; /* target in origin form */
	const char *authority;       /* of a target that came in absolute form; NULL = none */
	const char *host;            /* NULL = none */
	int minor;                   /* HTTP/1.0 or (and later) 1.1 */
	struct au_http_field *fields;
	size_t field_count;
	long long content_length; /* -1 = none */
	bool chunked, keep_alive, expect_continue;
};

/*
 * Look for the end of a head at the start of data.  *scanned (0 at first) says how far earlier calls have looked and
 * moves on, so that slow senders cost nothing.  Returns 1 and its length, the empty line included; 0 when more is
 * needed; AU_EINVAL (http_status 400) at once for octets that no head may hold: a line end other than CRLF, control
 * characters.
 */
int au_http_head_end(const char *data, size_t len, size_t *scanned, size_t *ret_len, struct au_err *err);

/*
 * Parse data[0..len), which ends with CRLF CRLF; cuts it into texts in place.  fields has room for max_fields.
 * Refused (AU_EINVAL, http_status 400; AU_ELIMIT 431; 501 for transfer codings but chunked; 505; 417): bare LF or CR,
 * NUL, obs-fold, blank before a colon, empty or non-token names, a second Content-Length, Transfer-Encoding, Host,
 * Authorization, Content-Type or Expect, both length and coding, a coding in HTTP/1.0, length not all digits,
 * HTTP/1.1 without Host, absolute form with another host than Host, authority and asterisk form, a fragment.
 */
int au_http_head_parse(char *data, size_t len, struct au_http_field *fields, size_t max_fields,
    struct au_http_head *ret, struct au_err *err);

#endif
