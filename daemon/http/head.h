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
	int minor;                   /* HTTP/1.0 or 1.1 */
	struct au_http_field *fields;
	size_t field_count;
	long long content_length; /* -1 = none */
	bool chunked, keep_alive, expect_continue;
};

/*
 * Parse data[0..len), which ends with CRLF CRLF; cuts it into texts in place.  fields has room for max_fields.
 * Refused (AU_EINVAL, http_status 400; AU_ELIMIT 431; 501 for transfer codings but chunked; 505): bare LF or CR, NUL,
 * obs-fold, blank before a colon, empty or non-token names, a second Content-Length, Transfer-Encoding, Host or
 * Authorization, both length and coding, length not all digits, HTTP/1.1 without Host, absolute or authority form.
 */
int au_http_head_parse(char *data, size_t len, struct au_http_field *fields, size_t max_fields,
    struct au_http_head *ret, struct au_err *err);

#endif
