/* SPDX-License-Identifier: ISC */
/* What a client asks of a list, or of the shape of an answer: query parameters or a SearchRequest (RFC
 * 7644 3.4.2, 3.4.3). */
#ifndef SCIM_QUERY_H
#define SCIM_QUERY_H

#include "base/mem.h"
#include "scim/fault.h"
#include "scim/profile.h"
#include "scim/projection.h"

struct au_query {
	enum au_projection_mode mode;
	const char *const *names; /* of attributes or excludedAttributes */
	size_t name_count;
	const char *filter; /* NULL = everything */
	const char *sort_by, *sort_order;
	const char *cursor; /* NULL: pages by index; "": the first page by cursor (RFC 9865) */
	long long start;    /* 1-based */
	long long count;    /* -1 = not asked for */
};

/* From the query part of a target (NULL = none); parameters that are not SCIM's are ignored.  invalidValue;
 * invalidCount beside a cursor. */
int au_query_from_target(
    struct au_arena *arena, const char *target_query, struct au_query *ret, struct au_fault *fault);
/* From a SearchRequest; text lives as long as body.  invalidSyntax, invalidValue, invalidCount. */
int au_query_from_body(struct au_arena *arena, const json_t *body, const struct au_profile *profile,
    struct au_query *ret, struct au_fault *fault);

#endif
