/* SPDX-License-Identifier: ISC */
/* The lexical pieces that the parsers of this folder share (RFC 9110 section 5, RFC 9112). */
#ifndef HTTP_GRAMMAR_H
#define HTTP_GRAMMAR_H

#include "base/err.h"

#include <stdbool.h>

/* Whether text is a token (RFC 9110 section 5.6.2): a method or the name of a field. */
bool au_http_is_token(const char *text);
bool au_http_is_token_char(unsigned char c);
/* How much of text comes before the first control character; len if there is none. */
size_t au_http_plain_span(const char *text, size_t len);
/* Whether text may be the value of a field: no control character but the tab. */
bool au_http_is_field_value(const char *text);
/* Whether text may stand in Host: a host name or address and perhaps a port, or nothing. */
bool au_http_is_host(const char *text);
/* 0..15, or -1 for anything but a hex digit. */
int au_http_hex_value(char c);
/* Fill err with a text and the HTTP status to answer with; returns AU_ELIMIT for 413 and 431, else AU_EINVAL. */
int au_http_refuse(struct au_err *err, int status, const char *text);

#endif
