/* SPDX-License-Identifier: ISC */
/*
 * A growing text buffer.  The escapes work on code points, so that neither a
 * broken byte nor a control character outside ASCII slips through.
 */
#include "base/str.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistr.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

static void
reserve(struct au_str *s, size_t more)
{
	size_t need, cap = s->cap > 0 ? s->cap : 64;

	if (__builtin_add_overflow(s->len, more, &need) || need > SIZE_MAX / 4)
		abort();
	if (s->data != NULL && need < s->cap)
		return;
	while (cap <= need)
		cap *= 2;
	s->data = au_xrealloc(s->data, cap, 1);
	s->cap = cap;
}

void
au_str_putn(struct au_str *s, const char *text, size_t len)
{
	reserve(s, len);
	if (len > 0)
		memcpy(s->data + s->len, text, len);
	s->len += len;
	s->data[s->len] = '\0';
}

void
au_str_put(struct au_str *s, const char *text)
{
	if (text != NULL)
		au_str_putn(s, text, strlen(text));
}

void
au_str_putc(struct au_str *s, char c)
{
	au_str_putn(s, &c, 1);
}

char *
au_put_text(char *at, const char *text)
{
	return mempcpy(at, text, strlen(text));
}

/* Mostly what is there already has room for it, so it is formatted once. */
void
au_str_printf(struct au_str *s, const char *fmt, ...)
{
	va_list ap;

	reserve(s, 0);
	va_start(ap, fmt);
	int len = vsnprintf(s->data + s->len, s->cap - s->len, fmt, ap);
	va_end(ap);
	if (len < 0)
		abort();
	if ((size_t)len >= s->cap - s->len) {
		reserve(s, (size_t)len);
		va_start(ap, fmt);
		vsnprintf(s->data + s->len, (size_t)len + 1, fmt, ap);
		va_end(ap);
	}
	s->len += (size_t)len;
}

void
au_str_num(struct au_str *s, long long number)
{
	char text[AU_NUMBER_SIZE];

	au_str_putn(s, text, (size_t)(au_put_number(text, number) - text));
}

char *
au_put_number(char *at, long long number)
{
	unsigned long long rest = number < 0 ? 0ULL - (unsigned long long)number : (unsigned long long)number;
	char digits[AU_NUMBER_SIZE], *first = digits + sizeof(digits);

	do
		*--first = (char)('0' + rest % 10);
	while ((rest /= 10) > 0);
	if (number < 0)
		*--first = '-';
	return mempcpy(at, first, (size_t)(digits + sizeof(digits) - first));
}

char *
au_put_digits(char *at, unsigned number, int count)
{
	for (int i = count; i-- > 0; number /= 10)
		at[i] = (char)('0' + number % 10);
	return at + count;
}

void
au_str_room(struct au_str *s, size_t more)
{
	reserve(s, more);
	s->data[s->len] = '\0';
}

/* One code point at text: its length in bytes, or 0 when the byte there belongs to none. */
static size_t
next_point(const char *text, size_t len, ucs4_t *ret)
{
	int used = u8_mbtoucr(ret, (const uint8_t *)text, len);

	return used > 0 ? (size_t)used : 0;
}

void
au_str_utf8(struct au_str *s, const char *text)
{
	size_t len = text != NULL ? strlen(text) : 0;
	ucs4_t point;

	au_str_putn(s, "", 0);
	for (size_t at = 0, used; at < len; at += used) {
		used = next_point(text + at, len - at, &point);
		if (used > 0)
			au_str_putn(s, text + at, used);
		else {
			au_str_put(s, REPLACEMENT);
			used = 1;
		}
	}
}

static void
json_byte(struct au_str *s, char c)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *at = memchr(from, c, sizeof(from) - 1);

	if (at != NULL) {
		au_str_putc(s, '\\');
		au_str_putc(s, to[at - from]);
	} else if ((unsigned char)c < 0x20)
		au_str_printf(s, "\\u%04x", (unsigned char)c);
	else
		au_str_putc(s, c);
}

/* Length of the beginning that can be written as it is: printable ASCII without quote and backslash. */
static size_t
plain_run(const char *text)
{
	size_t len = 0;

	while (text[len] >= ' ' && text[len] < 0x7f && text[len] != '"' && text[len] != '\\')
		len++;
	return len;
}

void
au_str_json(struct au_str *s, const char *text)
{
	struct au_str clean = AU_STR_INIT;
	size_t plain = text != NULL ? plain_run(text) : 0;

	au_str_putc(s, '"');
	au_str_putn(s, text, plain);
	if (text != NULL && text[plain] != '\0') {
		au_str_utf8(&clean, text + plain);
		for (const char *p = clean.data; *p != '\0'; p++)
			json_byte(s, *p);
		au_str_done(&clean);
	}
	au_str_putc(s, '"');
}

/* What a terminal or a reader of a log could take for something else: controls, line and direction marks. */
static bool
is_hidden(ucs4_t point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x200e || point == 0x200f ||
	       (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069) || point == 0xfeff;
}

void
au_str_visible(struct au_str *s, const char *text, size_t len)
{
	ucs4_t point;

	au_str_putn(s, "", 0);
	for (size_t at = 0, used; at < len; at += used) {
		used = next_point(text + at, len - at, &point);
		if (used > 0 && !is_hidden(point)) {
			au_str_putn(s, text + at, used);
			continue;
		}
		used = used > 0 ? used : 1;
		for (size_t i = 0; i < used; i++)
			au_str_printf(s, "\\x%02x", (unsigned char)text[at + i]);
	}
}

const char *
au_str_get(const struct au_str *s)
{
	return s->data != NULL ? s->data : "";
}

char *
au_str_take(struct au_str *s)
{
	char *text = s->data != NULL ? s->data : au_xstrdup("");

	*s = (struct au_str)AU_STR_INIT;
	return text;
}

void
au_str_done(struct au_str *s)
{
	free(s->data);
	*s = (struct au_str)AU_STR_INIT;
}

bool
au_streq(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static int
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool
au_strcaseeq(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	while (*a != '\0' && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return lower(*a) == lower(*b);
}

bool
au_str_empty(const char *text)
{
	return text == NULL || *text == '\0';
}
