/* SPDX-License-Identifier: ISC */
/* Texts in URLs. */
#ifndef SC_QUERY_H
#define SC_QUERY_H

#include "base/str.h"

#include <stdbool.h>

/* `before` as it is, then the value with whatever is not unreserved escaped (RFC 3986 section 2.1). */
void sc_query_put(struct au_str *out, const char *before, const char *value);
/* Whether a service may have given it as an id: an empty one would be the list of all, control characters lead astray.
 */
bool sc_query_is_id(const char *id);
/* "ENDPOINT/ID"; the caller frees it. */
char *sc_query_path(const char *endpoint, const char *id);
/* A filter `attribute eq "value"` (RFC 7644 section 3.4.2.2: the value is a JSON text); the caller frees it. */
char *sc_query_filter(const char *attribute, const char *value);

#endif
