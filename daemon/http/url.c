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

int
au_http_query_get(
    struct au_arena *arena, const char *query, const char *name, const char **ret_or_null, struct au_err *err)
{
	const char *found = NULL, *part, *key, *value;
	int rc;

	for (part = query; part != NULL && *part != '\0';) {
		size_t len = strcspn(part, "&"), cut = strcspn(part, "=&");

		if ((rc = decode(arena, part, cut, true, &key, err)) < 0)
			return rc;
		if (strcmp(key, name) == 0) {
			size_t skip = cut < len ? cut + 1 : len;

			if (found != NULL)
				return au_fail(err, AU_EINVAL, "query: '%s' is given twice", name);
			if ((rc = decode(arena, part + skip, len - skip, true, &value, err)) < 0)
				return rc;
			found = value;
		}
		part += len + (part[len] == '&');
	}
	*ret_or_null = found;
	return 0;
}
