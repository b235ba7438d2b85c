/* SPDX-License-Identifier: ISC */
/* A growing text buffer, always NUL-terminated, and the escapes we print with. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

struct au_str {
	char *data; /* NULL until the first write */
	size_t len; /* without the NUL */
	size_t cap;
};
#define AU_STR_INIT { NULL, 0, 0 }

void au_str_put(struct au_str *s, const char *text);
void au_str_putn(struct au_str *s, const char *text, size_t len);
void au_str_putc(struct au_str *s, char c);
void au_str_num(struct au_str *s, long long number); /* in decimal */
void au_str_printf(struct au_str *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Text as a JSON string literal with quotes; invalid UTF-8 becomes U+FFFD. */
void au_str_json(struct au_str *s, const char *text);
/* Text with each byte that is not UTF-8 replaced by U+FFFD. */
void au_str_utf8(struct au_str *s, const char *text);
/* Text safe for a terminal or a log line: control characters as \xNN, tab and newline too; so are bytes that are not
 * UTF-8, and marks that end lines or turn the direction of writing. */
void au_str_visible(struct au_str *s, const char *text, size_t len);
void au_str_room(struct au_str *s, size_t more); /* so that writing so much moves nothing */
const char *au_str_get(const struct au_str *s); /* never NULL */
char *au_str_take(struct au_str *s);            /* caller frees; s is empty afterwards; never NULL */
void au_str_done(struct au_str *s);             /* frees; fine on an empty one */

/* Digits of number at `at`, no NUL; returns the end.  Exactly `count` of them, zeros in front; or in decimal, which
 * takes up to AU_NUMBER_SIZE bytes. */
#define AU_NUMBER_SIZE 20
char *au_put_digits(char *at, unsigned number, int count);
char *au_put_number(char *at, long long number);
/* The text without its NUL, likewise. */
char *au_put_text(char *at, const char *text);

/* NUL-safe helpers on plain text. */
bool au_streq(const char *a, const char *b);     /* NULL equals only NULL */
bool au_strcaseeq(const char *a, const char *b); /* ASCII case folded; for protocol words, not for people's names */
bool au_str_empty(const char *text);             /* NULL or "" */

#endif
