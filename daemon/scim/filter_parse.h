/* SPDX-License-Identifier: ISC */
/* The part of the filter parser that PATCH paths share. */
#ifndef SCIM_FILTER_PARSE_H
#define SCIM_FILTER_PARSE_H

#include "scim/filter.h"
#include "scim/filter_lex.h"

struct au_filter_parser {
	struct au_lexer lexer;
	struct au_arena *arena;
	const struct au_resource_type *type;
	const struct au_catalog *others; /* as in the limits */
	bool foreign;                    /* the attribute that was resolved last is another type's */
	const struct au_attr *parent; /* inside a value path: its attribute */
	unsigned depth, max_depth;
	const struct au_profile *profile;
	bool unknown_ok;           /* names that are not known stand for an attribute that nobody has */
	enum au_fault_kind syntax; /* what a syntax error is called here: invalidFilter or invalidPath */
	struct au_fault *fault;
};

/* The whole rest: `or` of `and` of terms.  The lexer stands on what follows. */
int au_filter_parse_any(struct au_filter_parser *parser, const struct au_filter **ret);
/* From behind "[" to behind "]", with names taken as sub-attributes of parent. */
int au_filter_parse_inside(struct au_filter_parser *parser, const struct au_attr *parent, const struct au_filter **ret);

#endif
