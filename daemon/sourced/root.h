/* SPDX-License-Identifier: ISC */
/* What a server says about itself (RFC 4512 section 5.1), and how far we trust servers of its kind. */
#ifndef SOURCED_ROOT_H
#define SOURCED_ROOT_H

#include "base/mem.h"
#include "sourced/line.h"

struct au_root {
	bool is_openldap;      /* by its structural object class */
	bool has_sync;         /* offers the control of RFC 4533 */
	const char **contexts; /* naming contexts, normal DNs, NULL-terminated */
};

/* One row per kind of server; the last fits all. */
struct au_profile {
	const char *name;
	bool (*fits)(const struct au_root *root);
	bool resume; /* its answers to a cookie can be relied on */
};

/* The attributes of the root DSE that are read, and how one is taken up. */
extern const char *const au_root_attributes[];
void au_root_read(LDAP *ld, LDAPMessage *message, struct au_arena *arena, struct au_root *ret);
const struct au_profile *au_profile_find(const struct au_root *root);
/* The naming context that holds a DN; NULL when none does. */
const char *au_root_context(const struct au_root *root, const char *dn_norm);
/* Whether a normal DN is base or below it. */
bool au_root_is_below(const char *dn_norm, const char *base_norm);

#endif
