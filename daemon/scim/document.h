/* SPDX-License-Identifier: ISC */
/* A resource's document as it is kept: canonical names, only assigned attributes, no meta, members or groups. */
#ifndef SCIM_DOCUMENT_H
#define SCIM_DOCUMENT_H

#include "scim/attr_path.h"
#include "scim/fault.h"
#include "scim/profile.h"

/* A new document that holds its id. */
json_t *au_document_new(const struct au_resource_type *type, const char *id);
/* Where an extension's attributes are (NULL extension: the document itself); made when absent and wanted. */
json_t *au_document_container(json_t *doc, const struct au_schema *extension, bool make);
/*
 * Set `schemas` to the core schema and those extensions that have attributes: those of the type, then those that the
 * configuration does not name any more.  The latter stay in the document until a PUT, and no answer shows them.
 */
void au_document_schemas(const struct au_resource_type *type, json_t *doc);
/*
 * Whether a stored document holds values of built-in schemas only.  Then its text is what an answer shows; what belongs
 * to configured schemas was perhaps written when they were others, and goes through the rows once more.
 */
bool au_document_is_built_in(const struct au_resource_type *type, const char *text);
/* Drop empty extensions and complex values and elements that stand twice, then set `schemas` to what is in use. */
void au_document_seal(const struct au_resource_type *type, json_t *doc);
/* Whether each required attribute and extension has a value; the fault is of the given kind. */
int au_document_required(
    const struct au_resource_type *type, const json_t *doc, enum au_fault_kind kind, struct au_fault *fault);
/* Immutable attributes of a replacement: what was set is taken over; mutability when it would change. */
int au_document_immutable(const struct au_resource_type *type, const json_t *old, json_t *doc, struct au_fault *fault);

/* A body (POST, PUT) checked against the schema. */
struct au_checked {
	json_t *doc;      /* owned; sealed, required attributes are there */
	const char *text; /* of a new resource, the same as it will be kept; else NULL */
	json_t *members;  /* owned; array of {value, display?}; NULL when the body says nothing of members */
	size_t unknown;   /* attributes that no schema knows and that were left out */
	bool password;    /* a password was given */
};

/*
 * invalidSyntax: not an object, a name twice, schemas of a wrong form, names that the profile does not pass over;
 * invalidValue: wrong types, missing required
 * attributes, a body that says it is of another resource type.  Read-only attributes are ignored; password is checked
 * and then ignored: it is never kept.
 */
int au_check_body(const struct au_catalog *catalog, const struct au_resource_type *type,
    const struct au_profile *profile, const char *id, const json_t *body, struct au_checked *ret,
    struct au_fault *fault);
void au_checked_done(struct au_checked *checked);

/* Members as clients write them -> array of {value, display?}: a missing value is taken from $ref. */
int au_check_members(const struct au_attr *attr, const json_t *value, const struct au_profile *profile, json_t **ret,
    struct au_fault *fault);

#endif
