/* SPDX-License-Identifier: ISC */
/*
 * By what an entry is known for good, whatever becomes of its name: an attribute that the server sets once, in the
 * form that the server gives it, as the text that the store keeps.  A server that pushes ids beside the entries (RFC
 * 4533) must come to the same text both ways, or a comparing reading would find everybody gone and somebody else there.
 */
#ifndef SOURCED_IDENTITY_H
#define SOURCED_IDENTITY_H

#include "base/mem.h"

#include <lber.h>
#include <stdbool.h>

struct au_identity {
	const char *attribute;
	/* The value as text in the arena; NULL when it is not of this form. */
	const char *(*text)(struct au_arena *arena, const struct berval *value);
};

extern const struct au_identity au_identity_entry_uuid;   /* entryUUID (RFC 4530) */
extern const struct au_identity au_identity_ns_unique_id; /* nsUniqueId: the same 16 bytes as in 389's sync controls */
extern const struct au_identity au_identity_object_guid;  /* objectGUID: 16 bytes of which three numbers are reversed */

/*
 * By an attribute that an administrator names: known ones in their own form, any other as its text.  In the arena.
 */
const struct au_identity *au_identity_named(struct au_arena *arena, const char *attribute);

#endif
