/* SPDX-License-Identifier: ISC */
/* From the JSON of a remote SCIM service to our entries (RFC 7643 sections 3, 4.1 and 4.2). */
#ifndef SOURCED_PULLED_H
#define SOURCED_PULLED_H

#include "base/json.h"
#include "model/scim_path.h"
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

/* From which of a resource's values an entry is made. */
enum au_pulled_text {
	AU_PULLED_USER_NAME,
	AU_PULLED_MAIL,
	AU_PULLED_DISPLAY_NAME,
	AU_PULLED_GIVEN_NAME,
	AU_PULLED_FAMILY_NAME,
	AU_PULLED_EXTERNAL_ID,
	AU_PULLED_GROUP_NAME,
	AU_PULLED_EXPIRES, /* a date (base/date.h); nowhere unless an option says where */
	AU_PULLED_TEXTS
};
struct au_pulled_map {
	const char *source; /* its name */
	struct au_pulled_paths {
		struct au_scim_path *paths; /* the first with a value counts */
		size_t count;
	} texts[AU_PULLED_TEXTS];
	struct au_scim_test *inactive; /* one that holds is enough */
	size_t inactive_count;
};
/* In the arena; settings outlives it.  AU_EINVAL: an option is no path or no test. */
int au_pulled_map_init(
    struct au_pulled_map *map, struct au_arena *arena, const struct au_source_config *settings, struct au_err *err);

/*
 * A user or a group.  Members are known by id, so the id stands where directories have a normal DN, and there is no
 * DN.  A user whom no test disables is active.  Text lives in the arena or points into json.
 * AU_EPROTO: no id, no name, or a value of a wrong type.  *ret_has_members: whether a group said
 * anything about members; a list may leave them out.
 */
int au_pulled_entry(const struct au_pulled_map *map, enum au_search search, const json_t *resource,
    struct au_arena *arena, struct au_mapped *ret, bool *ret_has_members, struct au_err *err);

/* What the service says that it can (RFC 7643 section 5, RFC 9865 section 4). */
struct au_pulled_service {
	bool filter, cursor;
	long long most; /* resources that it gives at a time; 0 = it does not say */
};
/* What is absent or cannot be read counts as not offered. */
struct au_pulled_service au_pulled_service(const json_t *config);
/* How its lists are read, in words. */
const char *au_pulled_way(const struct au_pulled_service *service);

#endif
