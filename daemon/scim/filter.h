/* SPDX-License-Identifier: ISC */
/*
 * Filters (RFC 7644 section 3.4.2.2): text -> tree in an arena -> yes or no for a resource.
 *
 * Two things go beyond the grammar because clients send them: a sub-attribute
 * behind a value path (`emails[type eq "work"].value eq "x"`), and the texts
 * "true" and "false" where a boolean is expected (AU_QUIRK_TEXT_BOOLEANS).
 */
#ifndef SCIM_FILTER_H
#define SCIM_FILTER_H

#include "base/mem.h"
#include "scim/attr_path.h"
#include "scim/fault.h"
#include "scim/profile.h"

#include <stdint.h>

enum au_filter_op {
	AU_FILTER_AND = 1, /* all of first, its next, ... */
	AU_FILTER_OR,
	AU_FILTER_NOT, /* not first */
	AU_FILTER_HAS, /* path[first]: one element fulfils it */
	AU_FILTER_PR,
	AU_FILTER_EQ,
	AU_FILTER_NE,
	AU_FILTER_CO,
	AU_FILTER_SW,
	AU_FILTER_EW,
	AU_FILTER_GT,
	AU_FILTER_GE,
	AU_FILTER_LT,
	AU_FILTER_LE,
};

struct au_filter {
	enum au_filter_op op;
	const struct au_filter *first; /* AND, OR, NOT, HAS */
	const struct au_filter *next;  /* sibling within an AND or OR */
	struct au_attr_path path;      /* tests and HAS; inside a value path only sub is set */
	const json_t *value;           /* tests but PR; JSON null is "unassigned" */
	const char *text;              /* of a string value: folded unless the attribute is case-exact */
	bool foreign;                  /* tests and HAS: of another resource type, so never assigned */
	int64_t instant;               /* of a dateTime value, milliseconds */
};

struct au_filter_limits {
	size_t max_length;                /* bytes of text */
	unsigned max_depth;               /* of brackets, round and square */
	const struct au_profile *profile; /* whose habits count; NULL = those of anybody */
	/* Of a query over several types: an attribute of another type counts as one without a value (RFC 7644 section
	 * 3.4.2.1).  NULL: it is not known. */
	const struct au_catalog *others;
};
/* Those that the options max_filter and max_filter_depth have by default. */
#define AU_FILTER_LIMITS                                                                                               \
	{                                                                                                              \
		8192, 32, NULL, NULL                                                                                   \
	}

/*
 * Parse against the attributes of a type.  Everything that can be refused is refused here, with invalidFilter: syntax,
 * unknown attributes (unless AU_QUIRK_UNKNOWN_FILTERS) and operators, operators that do not fit the type, values of
 * another type, never-returned attributes.  A value too long or nested too deep too.
 */
int au_filter_parse(struct au_arena *arena, const struct au_resource_type *type, const struct au_filter_limits *limits,
    const char *text, const struct au_filter **ret, struct au_fault *fault);

/*
 * What the document does not hold: called for an attribute that is absent from it (meta, members, groups among them).
 * Returns a new reference, or NULL when it is unassigned.  `value`, when not NULL, says that only an element whose
 * `value` is that text can matter, so that a big group need not be read whole.
 */
typedef json_t *au_filter_supply(void *ctx, const struct au_attr *attr, const char *value);

struct au_filter_subject {
	const json_t *resource;
	au_filter_supply *supply; /* may be NULL */
	void *ctx;
	struct au_arena *scratch; /* for folded texts */
};
bool au_filter_match(const struct au_filter *filter, const struct au_filter_subject *subject);
/* The filter of a value path against one element of its attribute. */
bool au_filter_match_element(
    const struct au_filter *filter, const struct au_attr *attr, const json_t *element, struct au_arena *scratch);

/* Helpers that look at the tree. */
/* The text that the filter of a value path, or a plain test, demands of `value`; NULL when it demands none. */
const char *au_filter_value_wanted(const struct au_filter *filter);
/* The element that a filter of only `sub eq literal` joined by `and` describes: new reference, or NULL. */
json_t *au_filter_element(const struct au_filter *filter);
/* Like the former for several elements: `value eq "a" or value eq "b"`: new array of texts, or NULL. */
json_t *au_filter_values(const struct au_filter *filter);

#endif
