/* SPDX-License-Identifier: ISC */
/* Refusals name the scope that is missing, so that the people of the client need not guess (RFC 6750 section 3.1). */
#include "scim/principal.h"

int
au_principal_may(const struct au_principal *principal, enum au_need need, const struct au_resource_type *type,
    struct au_fault *fault)
{
	if (au_scope_allows(&principal->scope, need, type))
		return 0;
	if (need == AU_NEED_CHANGE && principal->scope.read_only)
		return au_fault_set(fault, AU_FAULT_FORBIDDEN, "the token is good for reading only");
	return au_fault_set(fault, AU_FAULT_FORBIDDEN, "the token is not good for %s", type->endpoint + 1);
}
