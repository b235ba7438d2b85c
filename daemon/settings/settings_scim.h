/* SPDX-License-Identifier: ISC */
/*
 * SCIM schemas and resource types of the deployment: reading, and what can be checked without knowing which schemas
 * and types are built in.
 */
#ifndef SETTINGS_SETTINGS_SCIM_H
#define SETTINGS_SETTINGS_SCIM_H

#include "settings/settings_block.h"

/*
 * The sections scim_schemas and scim_resource_types.  AU_EINVAL with "FILE:LINE: ...": names, URNs and endpoints of a
 * wrong form, an attribute that stands twice or has options that do not go together (RFC 7643 sections 2 and 7), a
 * resource type whose schema is not there, extends another, or is another type's already.
 */
int au_reading_scim_schemas(struct au_reading *r);
int au_reading_scim_types(struct au_reading *r);

#endif
