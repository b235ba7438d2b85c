/* SPDX-License-Identifier: ISC */
/* The octets of an answer. */
#ifndef HTTP_ANSWER_H
#define HTTP_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct evbuffer;

struct au_http_answer {
	int status;
	const char *server_name;  /* NULL = no Server field */
	const char *content_type; /* NULL = none */
	const char *fields;       /* further lines, each with CR LF; NULL = none */
	const char *body;         /* copied */
	size_t len;
	bool head_only; /* to HEAD: the length is told, the body is not sent */
	bool close;     /* the connection ends with this answer */
	bool secret;    /* the copy of the body is wiped once it is sent */
};

void au_http_answer_build(const struct au_http_answer *answer, int64_t wall_ms, struct evbuffer *out);
const char *au_http_reason(int status); /* "Not Found"; never NULL */

#endif
