/* SPDX-License-Identifier: ISC */
/* The target of a PATCH operation (RFC 7644 figure 7): attribute, value path with an optional sub-attribute, or
 * extension. */
#ifndef SCIM_PATCH_PATH_H
#define SCIM_PATCH_PATH_H

#include "scim/filter.h"

struct au_patch_path {
	struct au_attr_path path;       /* attr NULL: a whole extension, or the resource when extension is NULL too */
	const struct au_filter *filter; /* which elements; NULL = all */
};

/*
 * AU_EINVAL with invalidPath for syntax and for an element filter on what has no elements, invalidFilter for a test
 * that does not fit; AU_ENOENT with invalidPath for an attribute, sub-attribute or schema that is not known.
 */
int au_patch_path_parse(struct au_arena *arena, const struct au_resource_type *type,
    const struct au_filter_limits *limits, const char *text, struct au_patch_path *ret, struct au_fault *fault);

#endif
