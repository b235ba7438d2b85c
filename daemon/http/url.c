/* SPDX-License-Identifier: ISC */
/* Percent-decoding of what stands in a request target (RFC 3986 section 2.1); the result is always valid UTF-8. */
#include "base/str.h"
#include "base/text.h"
#include "http/grammar.h"
#include "http/server.h"

#include <string.h>

static int
decode(struct au_arena *arena, const char *text, size_t len, bool in_query, const char **ret, struct au_err *err)
{
	char *out = au_arena_alloc(arena, len + 1);
	size_t used = 0, i;

	for (i = 0; i < len; i++) {
		int c = (unsigned char)text[i];

		if (c == '+' && in_query)
			c = ' ';
		if (c == '%') {
			int high = i + 1 < len ? au_http_hex_value(text[i + 1]) : -1;
			int low = i + 2 < len ? au_http_hex_value(text[i + 2]) : -1;

			if (high < 0 || low < 0)
				return au_fail(err, AU_EINVAL, "request target: '%%' without two hex digits");
			c = high << 4 | low;
			i += 2;
			if (c == '\0' || (c == '/' && !in_query))
				return au_fail(
				    err, AU_EINVAL, "request target: '%%%02X' is not allowed here", (unsigned)c);
		}
		out[used++] = (char)c;
	}
	if (!au_text_is_utf8(out, used))
		return au_fail(err, AU_EINVAL, "request target: not UTF-8 once decoded");
	*ret = out;
	return 0;
}

int
au_http_decode_path(struct au_arena *arena, const char *segment, const char **ret, struct au_err *err)
{
	return decode(arena, segment, strlen(segment), false, ret, err);
}

static struct au_http_param *
find(struct au_http_param *params, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(params[i].name, name) == 0)
			return &params[i];
	return NULL;
}

int
au_http_query_read(
    struct au_arena *arena, const char *query, struct au_http_param *params, size_t count, struct au_err *err)
{
	struct au_http_param *param;
	const char *part, *key;
	int rc;

	for (size_t i = 0; i < count; i++)
		params[i].value = NULL;
	for (part = query; part != NULL && *part != '\0';) {
		size_t len = strcspn(part, "&"), cut = strcspn(part, "=&");
		size_t skip = cut < len ? cut + 1 : len;

		if ((rc = decode(arena, part, cut, true, &key, err)) < 0)
			return rc;
		param = find(params, count, key);
		if (param != NULL && param->value != NULL)
			return au_fail(err, AU_EINVAL, "query: '%s' is given twice", key);
		if (param != NULL && (rc = decode(arena, part + skip, len - skip, true, &param->value, err)) < 0)
			return rc;
		part += len + (part[len] == '&');
	}
	return 0;
}

int
au_http_query_get(
    struct au_arena *arena, const char *query, const char *name, const char **ret_or_null, struct au_err *err)
{
	struct au_http_param param = { name, NULL };
	int rc = au_http_query_read(arena, query, &param, 1, err);

	if (rc == 0)
		*ret_or_null = param.value;
	return rc;
}
