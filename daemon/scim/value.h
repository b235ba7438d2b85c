/* SPDX-License-Identifier: ISC */
/* One attribute value from a client, checked against its row and brought to the form that is kept. */
#ifndef SCIM_VALUE_H
#define SCIM_VALUE_H

#include "scim/fault.h"
#include "scim/profile.h"
#include "scim/schema.h"

/*
 * What is tolerated always: null, [] and {} for "unassigned"; read-only sub-attributes, which are left out.  What only
 * some profiles tolerate: "true" and "False" for booleans; a plain text for a complex value that has a `value` (a
 * manager), "" there for "unassigned", and a list of one; sub-attributes that are not known, which are left out too.
 * What is tolerated in PATCH only:
 */
enum au_value_mode {
	AU_VALUE_BODY = 0,
	AU_VALUE_PATCH, /* a single element for a list; with AU_QUIRK_PLAIN_VALUES [x] or {"value": x} for x */
};

/* Values of one attribute in a document; keeps comparing each with each cheap.  Members of groups do not count. */
#define AU_VALUE_MAX 500

/*
 * *ret is a new reference, NULL when the value means "unassigned".  invalidValue: wrong type or form, two primary
 * values, more than AU_VALUE_MAX; invalidSyntax: a sub-attribute twice, or one that is not known and not tolerated.
 * Elements that are equal to an earlier one are dropped.
 */
int au_value_check(const struct au_attr *attr, const json_t *value, const struct au_profile *profile,
    enum au_value_mode mode, json_t **ret, struct au_fault *fault);
/* One element of a multi-valued attribute. */
int au_value_check_element(const struct au_attr *attr, const json_t *value, const struct au_profile *profile,
    json_t **ret, struct au_fault *fault);

/* The fault for a list beyond AU_VALUE_MAX. */
int au_value_too_many(const struct au_attr *attr, struct au_fault *fault);

/* How many elements have `primary` true. */
size_t au_value_primaries(const json_t *array);
/* A member of an object by its name in any letter case; NULL when absent. */
json_t *au_value_member(const json_t *object, const char *name);
/* Overwrite every text below `value` (a password, before it is freed).  Depth is that of the JSON parser. */
void au_value_wipe(json_t *value);

#endif
