/* SPDX-License-Identifier: ISC */
/* From the JSON of a remote SCIM service to our entries (RFC 7643 sections 3, 4.1 and 4.2). */
#ifndef SOURCED_PULLED_H
#define SOURCED_PULLED_H

#include "base/json.h"
#include "sourced/mapping.h"

/* One page of a list (RFC 7644 section 3.4.2, RFC 9865 section 2). */
struct au_pulled_page {
	const json_t *resources; /* an array, maybe an empty one */
	size_t count;            /* of them */
	long long total;         /* -1 when a page of a cursor says nothing */
	const char *next;        /* cursor of the next page; NULL when this is the last or none was asked for */
};

/* Text points into json.  AU_EPROTO names what is missing or of a wrong type. */
int au_pulled_page(const json_t *json, bool by_cursor, struct au_pulled_page *ret, struct au_err *err);

/* The resource's id; NULL when it has none, or not as text. */
const char *au_pulled_id(const json_t *resource);
/* meta.lastModified in milliseconds; 0 when there is none that can be read. */
int64_t au_pulled_modified_ms(const json_t *resource);

/*
 * A user or a group.  Members are known by id, so the id stands where directories have a normal DN, and there is no
 * DN.  A user without `active` is active.  Text lives in the arena or points into json.
 * AU_EPROTO: no id, no userName or displayName, or a value of a wrong type.  *ret_has_members: whether a group said
 * anything about members; a list may leave them out.
 */
int au_pulled_entry(enum au_search search, const char *source, const json_t *resource, struct au_arena *arena,
    struct au_mapped *ret, bool *ret_has_members, struct au_err *err);

/* What the service says that it can (RFC 7643 section 5, RFC 9865 section 4). */
struct au_pulled_service {
	bool filter, cursor;
	long long most; /* resources that it gives at a time; 0 = it does not say */
};
/* What is absent or cannot be read counts as not offered. */
struct au_pulled_service au_pulled_service(const json_t *config);

#endif
