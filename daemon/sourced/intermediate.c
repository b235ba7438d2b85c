/* SPDX-License-Identifier: ISC */
/* In place of ldap_parse_intermediate, which aborts the process when a name is empty. */
#include "sourced/intermediate.h"

#include "base/mem.h"
#include "sourced/ber_value.h"

#include <string.h>

/* Exported by libldap for its own programs, but in no header. */
BerElement *ldap_get_message_ber(LDAPMessage *message);

static int
optional(BerElement *ber, ber_tag_t tag, struct berval **ret)
{
	ber_len_t len;

	if (ber_peek_tag(ber, &len) != tag)
		return 0;
	return ber_scanf(ber, "O", ret) == LBER_ERROR ? -1 : 0;
}

int
au_intermediate_read(LDAPMessage *message, struct au_intermediate *ret, struct au_err *err)
{
	AU_CLEANUP(au_ber_close) BerElement *ber = ber_dup(ldap_get_message_ber(message));
	AU_CLEANUP(au_intermediate_done) struct au_intermediate intermediate = { 0 };

	if (ber == NULL || ber_scanf(ber, "{") == LBER_ERROR ||
	    optional(ber, LDAP_TAG_IM_RES_OID, &intermediate.name) < 0 ||
	    optional(ber, LDAP_TAG_IM_RES_VALUE, &intermediate.value) < 0)
		return au_fail(err, AU_EPROTO, "an intermediate message cannot be decoded");
	*ret = intermediate;
	intermediate = (struct au_intermediate){ 0 };
	return 0;
}

bool
au_intermediate_is(const struct au_intermediate *intermediate, const char *name)
{
	return intermediate->name != NULL && intermediate->name->bv_len == strlen(name) &&
	       memcmp(intermediate->name->bv_val, name, strlen(name)) == 0;
}

void
au_intermediate_done(struct au_intermediate *intermediate)
{
	ber_bvfree(intermediate->name);
	ber_bvfree(intermediate->value);
}
