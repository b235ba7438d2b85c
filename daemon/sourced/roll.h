/* SPDX-License-Identifier: ISC */
/*
 * The roll of a group: whom its member attributes name.  A server that keeps a part of a long one back says so in the
 * attribute's name, "member;range=0-1499" (MS-ADTS section 3.1.1.3.1.3.3).
 */
#ifndef SOURCED_ROLL_H
#define SOURCED_ROLL_H

#include "base/mem.h"
#include "model/ref.h"

#include <lber.h>
#include <stdbool.h>

/* A part of an attribute's values, counted from 0. */
struct au_roll_range {
	const char *attribute;
	long long first, next; /* next 0: it was the last part */
};

/* The values of an attribute as the server sent them, DNs all of them. */
struct au_roll_raw {
	const char *attribute; /* NULL: there are none */
	const struct berval *values;
	size_t count;
};

struct au_roll {
	const char **members; /* references (model/ref.h) */
	size_t count, cap;
	struct au_roll_range *ranges; /* of those attributes that came in parts */
	size_t range_count;
	struct au_roll_raw raw; /* in place of members */
	const char *attribute;  /* the only one with values, each of which stands for one member; NULL: it is not so */
	bool is_mixed;
};

/*
 * Take an attribute of an entry if it is one of the member attributes (NULL-terminated): 1, and 0 if it is none.
 * Everything is in the arena.  AU_EPROTO: a value that names nobody, or a range that makes no sense.
 */
int au_roll_take(struct au_roll *roll, struct au_arena *arena, const char *const *attributes, const struct berval *name,
    const struct berval *values, struct au_err *err);
/*
 * The same, but where there is one such attribute only, whole and of DNs, its values are left as they are, in `raw`: of
 * a large group that changed most are known already (rolls.h).  The array, not the values, is the arena's then.
 */
int au_roll_defer(struct au_roll *roll, struct au_arena *arena, const char *const *attributes,
    const struct berval *name, struct berval *values, struct au_err *err);
/* Make members of what was left as it is; fine when nothing was.  AU_EPROTO: a value that names nobody. */
int au_roll_decode(struct au_roll *roll, struct au_arena *arena, struct au_err *err);
/* One value of a member attribute as a reference, in the arena; "" is nobody.  AU_EPROTO. */
int au_roll_name(
    struct au_arena *arena, const char *attribute, const struct berval *value, const char **ret, struct au_err *err);
/* One member more; the reference is in the arena, or outlives it. */
void au_roll_add(struct au_roll *roll, struct au_arena *arena, const char *ref);
/* Whether values are missing. */
bool au_roll_is_part(const struct au_roll *roll);

#endif
