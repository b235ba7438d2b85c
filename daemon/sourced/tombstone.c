/* SPDX-License-Identifier: ISC */
/* A deleted object's RDN has a line feed in it, "DEL:" and its GUID (MS-ADTS section 3.1.1.5.5), escaped in the DN. */
#include "sourced/tombstone.h"

#include <string.h>

bool
au_tombstone_is(LDAP *ld, LDAPMessage *message)
{
	char *dn = ldap_get_dn(ld, message);
	bool is_one = dn != NULL && strstr(dn, "\\0ADEL:") != NULL;

	ldap_memfree(dn);
	return is_one;
}

bool
au_tombstone_says(const struct berval *value)
{
	return value != NULL && value->bv_val != NULL && strcmp(value->bv_val, "TRUE") == 0;
}
