/* SPDX-License-Identifier: ISC */
/* Classes of characters as the grammar of HTTP has them, without help of the locale. */
#include "http/grammar.h"

#include <string.h>

bool
au_http_is_token_char(unsigned char c)
{
	if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
		return true;
	return c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

bool
au_http_is_token(const char *text)
{
	size_t i;

	for (i = 0; text[i] != '\0'; i++)
		if (!au_http_is_token_char((unsigned char)text[i]))
			return false;
	return i > 0;
}

size_t
au_http_plain_span(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len && (unsigned char)text[i] >= 0x20 && text[i] != 0x7f)
		i++;
	return i;
}

bool
au_http_is_field_value(const char *text)
{
	size_t len = strlen(text), i;

	for (i = au_http_plain_span(text, len); i < len; i += 1 + au_http_plain_span(text + i + 1, len - i - 1))
		if (text[i] != '\t')
			return false;
	return true;
}

bool
au_http_is_host(const char *text)
{
	for (; *text != '\0'; text++)
		if (!au_http_is_token_char((unsigned char)*text) && strchr("()=;[]:", *text) == NULL)
			return false;
	return true;
}

int
au_http_hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int
au_http_refuse(struct au_err *err, int status, const char *text)
{
	int code = status == 413 || status == 431 ? AU_ELIMIT : AU_EINVAL;

	au_fail(err, code, "%s", text);
	if (err != NULL)
		err->http_status = status;
	return code;
}
