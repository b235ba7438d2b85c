/* SPDX-License-Identifier: ISC */
/* What an identity provider can say of a user as an API user, and no schema of RFC 7643 has. */
#include "scim/schema.h"

static const struct au_attr attrs[] = {
	{ .name = "expires",
	    .description = "When the API user expires: from then on it has no access, as if the user were not active. "
			   "Without a value it does not expire.",
	    .type = AU_ATTR_DATETIME },
	{ .name = NULL },
};

const struct au_schema au_schema_apiuser = {
	.id = "urn:ietf:params:scim:schemas:extension:apiuserd:2.0:User",
	.name = "ApiUser",
	.description = "What belongs to a user as an API user.",
	.attrs = attrs,
};
