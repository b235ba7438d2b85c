/* SPDX-License-Identifier: ISC */
/* Has the server told us of its last change?  In doubt the answer is yes. */
#include "sourced/csn.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* The third of the four parts; NULL when there are not so many. */
static const char *
server_id(const char *csn, size_t *ret_len)
{
	for (int i = 0; i < 2; i++) {
		csn = strchr(csn, '#');
		if (csn == NULL)
			return NULL;
		csn++;
	}
	*ret_len = strcspn(csn, "#");
	return csn;
}

static bool
is_hex(const char *text, size_t len)
{
	return len > 0 && strspn(text, "0123456789abcdefABCDEF") == len;
}

/* TIME "Z#" COUNT "#" SID "#" MOD, up to the end of the text or a separator. */
static bool
is_csn(const char *text)
{
	size_t len = strspn(text, "0123456789.");

	if (len < strlen("YYYYMMDDhhmmss") || text[len] != 'Z')
		return false;
	text += len + 1;
	for (int i = 0; i < 3; i++) {
		if (*text++ != '#')
			return false;
		len = strcspn(text, "#;,");
		if (!is_hex(text, len))
			return false;
		text += len;
	}
	return *text == '\0' || *text == ';' || *text == ',';
}

bool
au_csn_is_cookie(const char *text)
{
	const char *known = strncmp(text, "rid=", strlen("rid=")) == 0 ? strstr(text, "csn=") : NULL;

	if (known == NULL)
		return false;
	for (known += strlen("csn="); is_csn(known); known++) {
		known += strcspn(known, ";,");
		if (*known != ';')
			return true;
	}
	return false;
}

bool
au_csn_is_newer(const char *csn, const char *cookie)
{
	size_t id_len = 0, other_len = 0;
	const char *id = server_id(csn, &id_len), *other, *known = strstr(cookie, "csn=");

	if (id == NULL || known == NULL)
		return false;
	known += strlen("csn=");
	while (*known != '\0' && *known != ',') {
		size_t len = strcspn(known, ";,");
		other = server_id(known, &other_len);
		if (other != NULL && other < known + len && other_len == id_len && memcmp(other, id, id_len) == 0) {
			size_t own = strlen(csn), least = own < len ? own : len;
			int order = memcmp(csn, known, least);
			return order > 0;
		}
		known += len;
		if (*known == ';')
			known++;
	}
	return true;
}

bool
au_csn_is(const char *text)
{
	return is_csn(text) && text[strcspn(text, ";,")] == '\0' && strlen(text) < AU_CSN_SIZE;
}

bool
au_csn_is_of_one(const char *a, const char *b)
{
	size_t a_len = 0, b_len = 0;
	const char *a_id = server_id(a, &a_len), *b_id = server_id(b, &b_len);

	return a_id != NULL && b_id != NULL && a_len == b_len && strncasecmp(a_id, b_id, a_len) == 0;
}

bool
au_csn_known(const char *cookie, const char *csn, char ret[AU_CSN_SIZE])
{
	const char *known = strstr(cookie, "csn=");

	if (known == NULL)
		return false;
	for (known += strlen("csn="); *known != '\0' && *known != ','; known += *known == ';') {
		size_t len = strcspn(known, ";,");
		char one[AU_CSN_SIZE];
		if (len < sizeof(one)) {
			memcpy(one, known, len);
			one[len] = '\0';
			if (au_csn_is_of_one(one, csn)) {
				memcpy(ret, one, len + 1);
				return true;
			}
		}
		known += len;
	}
	return false;
}
