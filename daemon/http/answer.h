/* SPDX-License-Identifier: ISC */
/* The octets of an answer. */
#ifndef HTTP_ANSWER_H
#define HTTP_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct au_str;

struct au_http_answer {
	int status;
	const char *server_name;  /* NULL = no Server field */
	const char *request_id;   /* NULL or "" = none */
	const char *content_type; /* NULL = none */
	const char *fields;       /* further lines, each with CR LF; NULL = none */
	const char *body;
	size_t len;
	bool head_only; /* to HEAD: the length is told, the body is not sent */
	bool close;     /* the connection ends with this answer */
	bool secret;    /* what is laid out is to be wiped once it is sent */
};

/* The head and a copy of the body; out is empty before.  Nothing of a body is left elsewhere in memory. */
void au_http_answer_build(const struct au_http_answer *answer, int64_t wall_ms, struct au_str *out);
const char *au_http_reason(int status); /* "Not Found"; never NULL */

#endif
