/* SPDX-License-Identifier: ISC */
/* Rights as canonical JSON objects, compared by meaning: the order of a list does not count.  Pure. */
#ifndef RECONCILE_RIGHTS_H
#define RECONCILE_RIGHTS_H

#include "base/json.h"

/* Unite two rights objects: lists become their union (sorted), of anything else the first one's value stays.
 * Either may be NULL.  The result is in the arena.  AU_EINVAL when one is not a JSON object. */
int au_rights_union(
    struct au_arena *arena, const char *first, const char *second, const char **ret, struct au_err *err);
/* Whether what is there grants exactly what is wanted, member by member of `wanted`. */
bool au_rights_satisfied(const char *wanted, const char *there);
/* Whether going from `there` to `wanted` takes anything away (an item of a list, or true becoming false). */
bool au_rights_removes(const char *there, const char *wanted);
/* Whether anything of what that takes away was given by `given`. */
bool au_rights_loses(const char *there, const char *wanted, const char *given);

#endif
