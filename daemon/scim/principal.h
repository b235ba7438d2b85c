/* SPDX-License-Identifier: ISC */
/* Who asks, once that is proven: a client of the configuration, and what his credentials are good for. */
#ifndef SCIM_PRINCIPAL_H
#define SCIM_PRINCIPAL_H

#include "scim/scope.h"

struct au_principal {
	const char *client; /* name in the configuration; NULL while nobody is known */
	struct au_scope scope;
};

/*
 * Whether he may do what needs this on resources of that type (NULL at the root).  Otherwise AU_EINVAL, and the fault
 * is a 403 that says what is missing.  For each route, and for each operation of a bulk request.
 */
int au_principal_may(const struct au_principal *principal, enum au_need need, const struct au_resource_type *type,
    struct au_fault *fault);

#endif
