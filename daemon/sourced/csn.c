/* SPDX-License-Identifier: ISC */
/* Used for one question only: has the server told us of its last change?  In doubt the answer is yes. */
#include "sourced/csn.h"

#include <stddef.h>
#include <string.h>

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
