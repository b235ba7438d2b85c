/* SPDX-License-Identifier: ISC */
/* Prints the OpenAPI description of everything that is built in, for the file in the tree. */
#include "scim/openapi.h"

#include "base/mem.h"

#include <stdio.h>

static const struct au_resource_type *const types[] = { &au_type_user, &au_type_group, &au_type_role,
	&au_type_entitlement, NULL };

int
main(void)
{
	const struct au_catalog catalog = { .types = types, .schemas = au_catalog_core.schemas };
	json_t *description = au_openapi(&catalog);
	AU_CLEANUP(au_freep) char *text = json_dumps(description, JSON_INDENT(2));

	json_decref(description);
	return puts(text) == EOF || fflush(stdout) == EOF;
}
