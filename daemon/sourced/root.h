/* SPDX-License-Identifier: ISC */
/* What a server says about itself in its root DSE (RFC 4512 section 5.1). */
#ifndef SOURCED_ROOT_H
#define SOURCED_ROOT_H

#include "base/mem.h"
#include "sourced/line.h"

#define AU_OID_PAGED LDAP_CONTROL_PAGEDRESULTS
#define AU_OID_DOMAIN_SCOPE "1.2.840.113556.1.4.1339"  /* no references: MS-ADTS section 3.1.1.3.4.1.4 */
#define AU_OID_ACTIVE_DIRECTORY "1.2.840.113556.1.4.800" /* a capability: MS-ADTS section 3.1.1.3.4.3.1 */

/* Lists end with NULL and hold printable text; one that the server does not give is empty. */
struct au_root {
	const char *vendor_name, *vendor_version; /* RFC 3045; "" when not given */
	const char **object_classes;              /* structuralObjectClass */
	const char **controls, **extensions, **capabilities, **mechanisms;
	const char **contexts;       /* naming contexts, normal DNs */
	const char *default_context; /* normal DN; NULL when there is none */
	/* Of Active Directory; "" elsewhere. */
	const char *ds_service_name, *dns_host_name, *highest_usn;
};

/* The attributes of the root DSE that are read, and how one is taken up. */
extern const char *const au_root_attributes[];
void au_root_read(LDAP *ld, LDAPMessage *message, struct au_arena *arena, struct au_root *ret);

/* Whether a list holds a text, without regard to case. */
bool au_root_lists(const char *const *list, const char *text);
bool au_root_has_control(const struct au_root *root, const char *oid);
bool au_root_has_capability(const struct au_root *root, const char *oid);
/* The naming context that holds a DN, of several the one that begins nearest to it; NULL when none does. */
const char *au_root_context(const struct au_root *root, const char *dn_norm);

#endif
