/* SPDX-License-Identifier: ISC */
/*
 * Which text an option makes of a directory's attributes:
 *
 *	mail | userPrincipalName     the first that has a value
 *	${givenName} ${sn} | cn      a template; it has a value when all of its attributes have one
 *	${mail:fold}                 the value in the form in which names are compared
 *	${ou:all}                    all values, in the order of bytes, with ", " between them
 *	${mail:like *@a.example}     of several values the first that looks so, if any does
 *	${proxy:like SMTP:(*)}       the same, and of it what the star stands for
 *	cn | =nobody                 a constant
 *
 * Of several values the first by bytes is taken where nothing else is said.  "$$" is a dollar sign and "$|" a bar.
 * Blanks around a choice do not count.
 */
#ifndef MODEL_PICK_H
#define MODEL_PICK_H

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>

/* Which of an attribute's values. */
enum au_pick_of { AU_PICK_FIRST = 0, AU_PICK_ALL, AU_PICK_LIKE };

struct au_pick_part {
	const char *attribute; /* NULL: text */
	const char *text;
	enum au_pick_of of;
	const char *before, *after; /* the star of LIKE */
	bool inner;                 /* take what the star stands for */
	bool fold;                  /* what was taken */
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

/*
 * An attribute's values in the order of bytes, ending with NULL; NULL = it has none.  Where no part asks for another
 * one than the first (au_pick_wants_all), that one alone will do.
 */
typedef const char *const *au_pick_values(void *ctx, const char *attribute);

/* An attribute's short name or OID, with options (RFC 4512 section 2.5). */
bool au_pick_is_attribute(const char *text);
/* In the arena.  AU_EINVAL says what is wrong with the text. */
int au_pick_parse(struct au_arena *arena, const char *text, struct au_pick *ret, struct au_err *err);
/* Whether some part needs more of an attribute than its first value. */
bool au_pick_wants_all(const struct au_pick *pick, const char *attribute);
/* For qsort(3): texts in the order of bytes. */
int au_pick_order(const void *a, const void *b);
/* Whether some choice has no attribute in it, so that everybody would get the same. */
bool au_pick_is_constant(const struct au_pick *pick);
/* The first choice that has a value, with that value in the arena, or as values() gave it; NULL when none has one. */
const struct au_pick_choice *au_pick_find(
    const struct au_pick *pick, struct au_arena *arena, au_pick_values *values, void *ctx, const char **ret);
/* The value alone, NULL when there is none. */
const char *au_pick_text(const struct au_pick *pick, struct au_arena *arena, au_pick_values *values, void *ctx);

#endif
