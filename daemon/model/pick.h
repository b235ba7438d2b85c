/* SPDX-License-Identifier: ISC */
/*
 * Which text an option makes of a directory's attributes:
 *
 *	mail | userPrincipalName     the first that has a value
 *	${givenName} ${sn} | cn      a template; it has a value when all of its attributes have one
 *	${mail:fold}                 the value in the form in which names are compared
 *	cn | =nobody                 a constant
 *
 * "$$" is a dollar sign and "$|" a bar.  Blanks around a choice do not count.
 */
#ifndef MODEL_PICK_H
#define MODEL_PICK_H

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>

struct au_pick_part {
	const char *attribute; /* NULL: text */
	const char *text;
	bool fold; /* the attribute's value */
};
struct au_pick_choice {
	const char *text; /* as written */
	struct au_pick_part *parts;
	size_t count;
};
struct au_pick {
	struct au_pick_choice *choices;
	size_t count;
};

/* The one value that stands for an attribute; NULL = it has none. */
typedef const char *au_pick_value(void *ctx, const char *attribute);

/* An attribute's short name or OID, with options (RFC 4512 section 2.5). */
bool au_pick_is_attribute(const char *text);
/* In the arena.  AU_EINVAL says what is wrong with the text. */
int au_pick_parse(struct au_arena *arena, const char *text, struct au_pick *ret, struct au_err *err);
/* Whether some choice has no attribute in it, so that everybody would get the same. */
bool au_pick_is_constant(const struct au_pick *pick);
/* The first choice that has a value, with that value in the arena, or as value() gave it; NULL when none has one. */
const struct au_pick_choice *au_pick_find(
    const struct au_pick *pick, struct au_arena *arena, au_pick_value *value, void *ctx, const char **ret);
/* The value alone, NULL when there is none. */
const char *au_pick_text(const struct au_pick *pick, struct au_arena *arena, au_pick_value *value, void *ctx);

#endif
