/* SPDX-License-Identifier: ISC */
/* Entity tags: W/"N", where N is a resource's version (RFC 7644 section 3.14, RFC 9110 section 8.8.3). */
#ifndef SCIM_ETAG_H
#define SCIM_ETAG_H

#include "base/str.h"

#define AU_ETAG_SIZE 32

/* Returns buf. */
const char *au_etag(long long version, char buf[AU_ETAG_SIZE]);
long long au_etag_version(const char *etag); /* of what au_etag has written */
/* The same as a JSON string. */
void au_etag_json(struct au_str *out, long long version);
/* Whether a list of tags (If-Match, If-None-Match) holds this version's or is "*"; weak comparison. */
bool au_etag_matches(const char *list, long long version);
bool au_etag_is_listed(const char *list, const char *etag); /* the same for what au_etag has written */

#endif
