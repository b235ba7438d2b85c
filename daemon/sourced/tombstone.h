/* SPDX-License-Identifier: ISC */
/* What is left of a deleted object in Active Directory. */
#ifndef SOURCED_TOMBSTONE_H
#define SOURCED_TOMBSTONE_H

#include <ldap.h>
#include <stdbool.h>

#define AU_OID_SHOW_DELETED "1.2.840.113556.1.4.417" /* MS-ADTS section 3.1.1.3.4.1.14 */
#define AU_TOMBSTONES "(isDeleted=TRUE)"

/* Whether an entry that AU_TOMBSTONES found is one; their container counts as deleted itself, but has no name of one.
 */
bool au_tombstone_is(LDAP *ld, LDAPMessage *message);
/* Whether a value of isDeleted, which may be NULL, says so. */
bool au_tombstone_says(const struct berval *value);

#endif
