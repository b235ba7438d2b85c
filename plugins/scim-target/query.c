/* SPDX-License-Identifier: ISC */
/* Byte by byte: everything but the unreserved characters of RFC 3986 section 2.3 is escaped. */
#include "scim-target/query.h"

#include <string.h>

#define UNRESERVED "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

void
sc_query_put(struct au_str *out, const char *before, const char *value)
{
	au_str_put(out, before);
	for (const char *at = value; *at != '\0'; at++) {
		if (strchr(UNRESERVED, *at) != NULL)
			au_str_putc(out, *at);
		else
			au_str_printf(out, "%%%02X", (unsigned char)*at);
	}
}

bool
sc_query_is_id(const char *id)
{
	if (id == NULL || *id == '\0')
		return false;
	for (; *id != '\0'; id++)
		if ((unsigned char)*id < ' ' || *id == 0x7f)
			return false;
	return true;
}

/* An id of dots only would lead to another path. */
char *
sc_query_path(const char *endpoint, const char *id)
{
	struct au_str path = AU_STR_INIT;

	au_str_put(&path, endpoint);
	if (strcmp(id, ".") == 0 || strcmp(id, "..") == 0)
		au_str_put(&path, id[1] == '\0' ? "/%2E" : "/%2E%2E");
	else
		sc_query_put(&path, "/", id);
	return au_str_take(&path);
}

char *
sc_query_filter(const char *attribute, const char *value)
{
	struct au_str filter = AU_STR_INIT;

	au_str_printf(&filter, "%s eq ", attribute);
	au_str_json(&filter, value);
	return au_str_take(&filter);
}
