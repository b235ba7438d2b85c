/* SPDX-License-Identifier: ISC */
/*
 * What a service provider offers, made from the settings: the built-in schemas and resource types and those of the
 * deployment.  A catalog never changes; a reload makes a new one, and requests that are under way keep theirs.
 */
#ifndef SCIM_CATALOG_H
#define SCIM_CATALOG_H

#include "base/err.h"
#include "scim/schema.h"
#include "settings/settings.h"

/*
 * AU_EINVAL with "FILE:LINE: ..." when a name, URN or endpoint of the settings is built in already or a resource type
 * that they name is not there; whoever reads settings asks this before they are taken over.  The settings must outlive
 * the catalog: whoever holds it holds them too.
 */
int au_catalog_new(const struct au_settings *settings, struct au_catalog **ret, struct au_err *err);
/* One more holder.  Loop thread only, as with settings. */
struct au_catalog *au_catalog_hold(struct au_catalog *catalog);
void au_catalog_free(struct au_catalog *catalog); /* drops one hold, the last frees; NULL is fine */

#endif
