/* SPDX-License-Identifier: ISC */
/*
 * Which value of a SCIM resource an option means: the part of the paths of RFC 7644 section 3.5.2 that picks one.
 *
 *	userName
 *	name.givenName
 *	emails[type eq "work" and primary eq true].value
 *	urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName
 *
 * And a test of such a value, written as a filter is (section 3.4.2.2):
 *
 *	active eq false
 *	urn:example:User:status ne "ACTIVE"
 *	urn:example:User:leftOn pr
 *
 * Names and text are compared without regard to case.
 */
#ifndef MODEL_SCIM_PATH_H
#define MODEL_SCIM_PATH_H

#include "base/json.h"

#include <stdbool.h>

enum au_scim_op { AU_SCIM_EQ = 1, AU_SCIM_NE, AU_SCIM_PR };
struct au_scim_comparison {
	enum au_scim_op op;
	const char *value; /* "true" and "false" for those; NULL with AU_SCIM_PR */
	bool is_text;      /* it was quoted */
};

/* In brackets: what an element of a list must be. */
struct au_scim_pick {
	const char *attribute;
	struct au_scim_comparison is;
};
struct au_scim_path {
	const char *text;            /* as it was written */
	const char *schema;          /* of an extension; NULL: none */
	const char *attribute, *sub; /* sub may be NULL */
	struct au_scim_pick *picks;  /* all must hold */
	size_t pick_count;
};
struct au_scim_test {
	struct au_scim_path path;
	struct au_scim_comparison is;
};

/* Both in the arena.  AU_EINVAL says what is wrong with the text. */
int au_scim_path_parse(struct au_arena *arena, const char *text, struct au_scim_path *ret, struct au_err *err);
int au_scim_test_parse(struct au_arena *arena, const char *text, struct au_scim_test *ret, struct au_err *err);

/*
 * Of a list's elements the one called primary, else the first one (RFC 7643 section 2.4).  *ret points into the
 * resource; NULL: there is none, or it is empty.  AU_EPROTO: it is not text.
 */
int au_scim_path_value(const struct au_scim_path *path, const json_t *resource, const char **ret, struct au_err *err);
/* 1 or 0.  What is absent is not equal to anything.  AU_EPROTO: a value of a type that cannot be compared. */
int au_scim_test_holds(const struct au_scim_test *test, const json_t *resource, struct au_err *err);

#endif
