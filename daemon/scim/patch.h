/* SPDX-License-Identifier: ISC */
/*
 * PATCH (RFC 7644 section 3.5.2).  A request is read once into small changes, each of one attribute, with its values
 * checked; these are then applied, in order, to a document.  A group's members never are part of the document: they
 * become a list of their own, so that adding one member to a big group costs one row.
 *
 * `op` is understood in any letter case; the other dialects are the profile's switches (scim/profile.h).
 */
#ifndef SCIM_PATCH_H
#define SCIM_PATCH_H

#include "scim/patch_path.h"

enum au_patch_op { AU_PATCH_ADD = 1, AU_PATCH_REMOVE, AU_PATCH_REPLACE };

/* One change of one attribute. */
struct au_patch_change {
	enum au_patch_op op;
	struct au_patch_path target;
	const json_t *value; /* checked; NULL: remove (for a removal: everything the target names) */
	bool element;        /* value is one element and not a list: target is a value path without sub-attribute */
};

enum au_member_op {
	AU_MEMBERS_ADD = 1,  /* elements {value, display?} */
	AU_MEMBERS_REMOVE,   /* elements {value}; absent ones are fine */
	AU_MEMBERS_REPLACE,  /* the whole set becomes elements */
	AU_MEMBERS_MATCHING, /* remove those that fulfil filter */
};
struct au_member_change {
	enum au_member_op op;
	json_t *elements; /* owned by the arena */
	const struct au_filter *filter;
};

struct au_patch {
	struct au_patch_change *changes;
	size_t change_count;
	struct au_member_change *members;
	size_t member_count;
	const struct au_attr *member_attr; /* what the filters of members are about */
	const struct au_profile *profile;
	size_t unknown; /* names in values without path that no schema knows */
	bool password;  /* a password was given */
};

struct au_patch_limits {
	size_t max_operations;
	struct au_filter_limits filter; /* with the client's profile */
};

/*
 * Read a request body.  Everything lands in the arena; body must outlive it.  invalidSyntax: message, operations, op;
 * invalidPath, invalidFilter: path; noTarget: a removal without path; mutability: read-only or required attributes;
 * invalidValue: values; AU_FAULT_TOO_LARGE beyond max_operations.
 */
int au_patch_parse(struct au_arena *arena, const struct au_resource_type *type, const struct au_patch_limits *limits,
    const json_t *body, struct au_patch *ret, struct au_fault *fault);

/* A copy of a document that is to be changed: what the patch leaves alone is shared.  The caller's. */
json_t *au_patch_copy(const struct au_patch *patch, const json_t *doc);

/*
 * Apply to a document in place; after a failure the document is in between and must be thrown away.  noTarget: a value
 * path that matches nothing in `replace`; mutability: an immutable value would change, a required one would go (unless
 * one was lacking before); invalidValue: two elements become primary at once.  The result is sealed.
 */
int au_patch_apply(struct au_arena *arena, const struct au_resource_type *type, const struct au_patch *patch,
    json_t *doc, struct au_fault *fault);

#endif
