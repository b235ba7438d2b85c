/* SPDX-License-Identifier: ISC */
/*
 * Whether a group's list is the one that its members are as already.
 *
 * A directory that is read again tells long lists that are what they were.  So the store keeps a digest of the list
 * beside a group whose members are held by exactly its names, for as long as that is true (au_store_list_put); a list
 * with the same digest need not be compared with anything.  It covers the names in their order: a server that lists
 * them in another one costs a comparison and no more.
 */
#ifndef SOURCE_LISTED_H
#define SOURCE_LISTED_H

#include "source/apply.h"

struct au_listed;

struct au_listed *au_listed_new(void);
void au_listed_free(struct au_listed *listed); /* NULL is fine */
/* The list's next name, from the first to the last. */
void au_listed_name(struct au_listed *listed, const char *ref);
/* After the last name.  1: the group's members are held by these names; 0: that is not known. */
int au_listed_is_same(struct au_apply *apply, struct au_listed *listed, const char *group_id, struct au_err *err);
/* After au_listed_is_same: they are now, by these and no others. */
int au_listed_keep(struct au_apply *apply, const struct au_listed *listed, const char *group_id, struct au_err *err);

#endif
