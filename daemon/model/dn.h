/* SPDX-License-Identifier: ISC */
/* Distinguished names, compared by meaning and never as plain text (RFC 4514, RFC 4518 in its caseIgnore form). */
#ifndef MODEL_DN_H
#define MODEL_DN_H

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>

/*
 * The form in which two spellings of one DN are equal text: attribute types in lower case with OIDs of the usual types
 * replaced by names, values unescaped, folded, inner blanks squeezed, escaped again one way; RDNs of several
 * values sorted.  In the arena.  AU_EINVAL says at which character it is not a DN; AU_ELIMIT beyond 64 KiB.
 */
int au_dn_normalize(struct au_arena *arena, const char *dn, const char **ret, struct au_err *err);
/* Whether a normal DN is base, which is one too, or below it; below "" is every one. */
bool au_dn_is_below(const char *dn_norm, const char *base_norm);

#endif
