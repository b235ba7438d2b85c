/* SPDX-License-Identifier: ISC */
/* Tags that are not ours never match; a broken list matches nothing, which is the safe side of both headers. */
#include "scim/etag.h"

#include <stdlib.h>
#include <string.h>

const char *
au_etag(long long version, char buf[AU_ETAG_SIZE])
{
	memcpy(buf, "W/\"", 3);
	memcpy(au_put_number(buf + 3, version), "\"", 2);
	return buf;
}

long long
au_etag_version(const char *etag)
{
	return strtoll(etag + strlen("W/\""), NULL, 10);
}

void
au_etag_json(struct au_str *out, long long version)
{
	au_str_put(out, "\"W/\\\"");
	au_str_num(out, version);
	au_str_put(out, "\\\"\"");
}

/* One tag at the start of text: its opaque part with quotes; NULL when there is none. */
static const char *
cut_tag(const char *text, size_t *ret_len)
{
	const char *end;

	if (strncmp(text, "W/", 2) == 0)
		text += 2;
	end = *text == '"' ? strchr(text + 1, '"') : NULL;
	if (end == NULL)
		return NULL;
	*ret_len = (size_t)(end - text) + 1;
	return text;
}

bool
au_etag_is_listed(const char *list, const char *etag)
{
	const char *ours = etag + strlen("W/"), *tag;
	size_t len;

	list += strspn(list, " \t");
	if (*list == '*')
		return true;
	while ((tag = cut_tag(list, &len)) != NULL) {
		if (len == strlen(ours) && memcmp(tag, ours, len) == 0)
			return true;
		list = tag + len;
		list += strspn(list, " \t,");
	}
	return false;
}

bool
au_etag_matches(const char *list, long long version)
{
	char buf[AU_ETAG_SIZE];

	return au_etag_is_listed(list, au_etag(version, buf));
}
