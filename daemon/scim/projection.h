/* SPDX-License-Identifier: ISC */
/* Which attributes an answer holds: `attributes` or `excludedAttributes` and each row's `returned` (RFC 7644
 * section 3.9). */
#ifndef SCIM_PROJECTION_H
#define SCIM_PROJECTION_H

#include "base/mem.h"
#include "scim/attr_path.h"

enum au_projection_mode { AU_PROJECT_DEFAULT = 0, AU_PROJECT_ONLY, AU_PROJECT_WITHOUT };

struct au_projection {
	enum au_projection_mode mode;
	struct au_attr_path *paths;
	size_t count;
	/* What the request wrote: it sees what is returned on request only (RFC 7643 section 7). */
	bool wrote_all;
	const struct au_attr_path *written;
	size_t written_count;
};

/*
 * From names in attribute notation; those that are not known are ignored.  A mode other than the default with no known
 * name at all is kept: `attributes=nonsense` gives the minimum set.
 */
void au_projection_init(struct au_arena *arena, const struct au_resource_type *type, enum au_projection_mode mode,
    const char *const *names, size_t count, struct au_projection *ret);
/* The names of a comma-separated list, blanks around them dropped. */
void au_projection_split(struct au_arena *arena, const char *list, const char *const **ret_names, size_t *ret_count);
/* Whether the answer holds any part of this attribute of the core schema (or of the common ones): if not, it need not
 * be fetched. */
bool au_projection_wants(const struct au_projection *projection, const struct au_attr *attr);
bool au_projection_wants_of(
    const struct au_projection *projection, const struct au_schema *extension, const struct au_attr *attr);
/* The part of a complete resource that the answer holds.  New reference. */
json_t *au_projection_apply(
    const struct au_projection *projection, const struct au_resource_type *type, const json_t *resource);

#endif
