/* SPDX-License-Identifier: ISC */
/*
 * References: how a directory's group names a member, as one text that can be compared.  It is the member's normal DN,
 * or `@` and a user name in lower case; no normal DN begins with that character.
 */
#ifndef MODEL_REF_H
#define MODEL_REF_H

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>

/* What the values of a member attribute are. */
enum au_ref_form {
	AU_REF_DN = 1,   /* DNs: member (RFC 4519 section 2.17), and whatever is not known here */
	AU_REF_DN_UID,   /* DNs with an optional bit string behind: uniqueMember (RFC 4517 section 3.3.21) */
	AU_REF_USER_NAME /* user names in ASCII: memberUid (RFC 2307 section 5.1) */
};
enum au_ref_form au_ref_form_of(const char *attribute);

/*
 * One value as a reference, in the arena; the empty DN, which groups hold that must not be empty, and the empty name
 * are "".  The bit string behind a DN is left out.  AU_EINVAL, AU_ELIMIT: what au_dn_normalize says, or a name with
 * control characters.
 */
int au_ref_parse(
    struct au_arena *arena, enum au_ref_form form, const char *value, const char **ret, struct au_err *err);

/* A person's user name as a reference, in the arena; NULL when it can be none.  name may be NULL. */
const char *au_ref_of_user_name(struct au_arena *arena, const char *name);
/* The user name in a reference, in lower case; NULL in that of a DN.  Points into ref. */
const char *au_ref_user_name(const char *ref);

#endif
