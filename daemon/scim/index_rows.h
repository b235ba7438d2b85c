/* SPDX-License-Identifier: ISC */
/* Between the files of the index: the attributes whose values are rows of it, and whether all of them are there. */
#ifndef SCIM_INDEX_ROWS_H
#define SCIM_INDEX_ROWS_H

#include "scim/attr_path.h"
#include "scim/service.h"

typedef void au_index_visit(void *ctx, const struct au_resource_type *type, const struct au_attr_path *path);
void au_index_each(const struct au_resource_type *type, au_index_visit *visit, void *ctx);
/* On the loop thread. */
bool au_index_is_whole(
    const struct au_scim *scim, const struct au_resource_type *type, const struct au_attr_path *path);

#endif
