/* SPDX-License-Identifier: ISC */
/* Attribute notation (RFC 7644 section 3.10): [URN ":"] name ["." name], resolved against the rows of a resource type.
 */
#ifndef SCIM_ATTR_PATH_H
#define SCIM_ATTR_PATH_H

#include "base/err.h"
#include "scim/schema.h"

struct au_attr_path {
	const struct au_schema *extension; /* NULL: the resource itself */
	const struct au_attr *attr;        /* NULL: all of the extension, or of the core schema */
	const struct au_attr *sub;         /* NULL: the attribute as a whole */
};

/* AU_EINVAL: not the form; AU_ENOENT: no such schema, attribute or sub-attribute. */
int au_attr_path_parse(const struct au_resource_type *type, const char *text, size_t len, struct au_attr_path *ret);
/* Whether text has the form of an attribute name: a letter (or "$", for $ref), then letters, digits, "-", "_", "$". */
bool au_attr_name_is(const char *text, size_t len);
/* The attribute's value in a document; NULL when unassigned. */
json_t *au_attr_path_get(const struct au_attr_path *path, const json_t *resource);

#endif
