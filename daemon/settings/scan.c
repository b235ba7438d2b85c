/* SPDX-License-Identifier: ISC */
/*
 * libconfig reads 5000000000 as 705032704 and "a\x00b" as "a" without a word, so
 * the text is looked through once more, token by token, for just these.
 */
#include "settings/scan.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct scan {
	const char *file;
	const char *at; /* next character */
	int line;
};

static void
advance(struct scan *s)
{
	if (*s->at == '\n')
		s->line++;
	s->at++;
}

static void
skip_line(struct scan *s)
{
	while (*s->at && *s->at != '\n')
		s->at++;
}

static void
skip_comment(struct scan *s)
{
	s->at += 2;
	while (*s->at && strncmp(s->at, "*/", 2) != 0)
		advance(s);
	if (*s->at)
		s->at += 2;
}

static int
scan_string(struct scan *s, struct au_err *err)
{
	for (s->at++; *s->at && *s->at != '"'; advance(s)) {
		if (*s->at != '\\' || !s->at[1])
			continue;
		if (strncmp(s->at, "\\x00", 4) == 0)
			return au_fail(
			    err, AU_EINVAL, "%s:%d: text: a NUL byte (\\x00) is not possible", s->file, s->line);
		advance(s);
	}
	if (*s->at)
		s->at++;
	return 0;
}

static void
skip_name(struct scan *s)
{
	while (isalnum((unsigned char)*s->at) || (*s->at && strchr("-_*", *s->at)))
		s->at++;
}

static int
scan_number(struct scan *s, struct au_err *err)
{
	const char *start = s->at, *digits = start + (*start == '+' || *start == '-');
	bool is_hex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X'), fits;
	char *end;

	errno = 0;
	if (is_hex) {
		unsigned long long number = strtoull(digits, &end, 16);
		fits = errno == 0 && number <= INT64_MAX && (number <= INT32_MAX || *end == 'L');
	} else {
		long long number = strtoll(start, &end, 10);
		fits = errno == 0 && ((number >= INT32_MIN && number <= INT32_MAX) || *end == 'L');
	}
	if (!fits && errno != 0)
		return au_fail(err, AU_EINVAL, "%s:%d: number '%.*s' is beyond 64 bits", s->file, s->line,
		    (int)(end - start), start);
	if (!fits)
		return au_fail(err, AU_EINVAL, "%s:%d: number '%.*s' is beyond 32 bits: write '%.*sL'", s->file,
		    s->line, (int)(end - start), start, (int)(end - start), start);
	s->at = end;
	while (isalnum((unsigned char)*s->at) || *s->at == '.')
		s->at++;
	return 0;
}

static bool
at_number(const struct scan *s)
{
	const char *digits = s->at + (*s->at == '+' || *s->at == '-');

	return isdigit((unsigned char)*digits);
}

static int
scan_token(struct scan *s, struct au_err *err)
{
	if (*s->at == '"')
		return scan_string(s, err);
	if (at_number(s))
		return scan_number(s, err);
	if (*s->at == '#' || strncmp(s->at, "//", 2) == 0)
		skip_line(s);
	else if (strncmp(s->at, "/*", 2) == 0)
		skip_comment(s);
	else if (isalpha((unsigned char)*s->at) || *s->at == '*')
		skip_name(s);
	else
		advance(s);
	return 0;
}

int
au_scan_text(const char *file, const char *text, struct au_err *err)
{
	struct scan s = { .file = file, .at = text, .line = 1 };
	int rc = 0;

	while (rc == 0 && *s.at)
		rc = scan_token(&s, err);
	return rc;
}
