/* SPDX-License-Identifier: ISC */
/* SCIM resources, each owned by one client; nobody else's can be reached through these calls. */
#ifndef STORE_RESOURCE_H
#define STORE_RESOURCE_H

#include "model/resource.h"
#include "store/store.h"

/* Resources are counted by runs of so many numbers, which lets a deep page cost little more than one at the start. */
#define AU_RESOURCE_BLOCK 1024

/* Sets resource->num.  AU_EEXIST when name_fold is taken within client and type. */
int au_store_resource_insert(struct au_store_tx *tx, struct au_resource *resource, struct au_err *err);
/* was: as it was read within this transaction, or with the version that it has still.  Everything but id, num and birth
 * follows is.  AU_EEXIST when name_fold is taken. */
int au_store_resource_update(
    struct au_store_tx *tx, const struct au_resource *was, const struct au_resource *is, struct au_err *err);
int au_store_resource_delete(struct au_store_tx *tx, const char *client, const char *type, const char *id,
    struct au_err *err); /* AU_ENOENT */
int au_store_resource_get(struct au_store_tx *tx, struct au_arena *arena, const char *client, const char *type,
    const char *id, struct au_resource *ret, struct au_err *err); /* AU_ENOENT */
/* All but the document, in the arena; id, client and type are the caller's. */
int au_store_resource_head(struct au_store_tx *tx, struct au_arena *arena, const char *client, const char *type,
    const char *id, struct au_resource *ret, struct au_err *err); /* AU_ENOENT */
int au_store_resource_at(struct au_store_tx *tx, struct au_arena *arena, const char *client, const char *type,
    long long num, struct au_resource *ret, struct au_err *err); /* AU_ENOENT */

/* Of the one with that folded name: num, id and version, and no more. */
int au_store_resource_named(struct au_store_tx *tx, struct au_arena *arena, const char *client, const char *type,
    const char *name_fold, struct au_resource *ret, struct au_err *err); /* AU_ENOENT */
/* All of a client and type with that folded name: one at most. */
int au_store_resource_find(struct au_store_tx *tx, struct au_arena *arena, const char *client, const char *type,
    const char *name_fold, struct au_resource **ret, size_t *ret_count, struct au_err *err);
/* Called for each in order of creation; return 1 to stop early, negative to fail.  The resource lives during the call. */
typedef int au_resource_visit(void *ctx, const struct au_resource *resource, struct au_err *err);
/* Skips `skip` resources at the cost of a walk over counts; visits at most `limit` (0 = all). */
int au_store_resource_scan(struct au_store_tx *tx, const char *client, const char *type, long long skip, long long limit,
    au_resource_visit *visit, void *ctx, struct au_err *err);
/* Visits those created after the one with that number (0 = all), until the visitor stops. */
int au_store_resource_walk(struct au_store_tx *tx, const char *client, const char *type, long long after,
    au_resource_visit *visit, void *ctx, struct au_err *err);
/* Visits those created before it, the youngest first. */
int au_store_resource_walk_back(struct au_store_tx *tx, const char *client, const char *type, long long before,
    au_resource_visit *visit, void *ctx, struct au_err *err);
/* The next resources of a type, whoever owns them: at most `limit` after that number, in the arena. */
int au_store_resource_batch(struct au_store_tx *tx, struct au_arena *arena, const char *type, long long after,
    long long limit, struct au_resource **ret, size_t *ret_count, struct au_err *err);
/* Of all clients and types. */
int au_store_resource_total(struct au_store_tx *tx, long long *ret, struct au_err *err);
int au_store_resource_count(struct au_store_tx *tx, const char *client, const char *type, long long *ret,
    struct au_err *err);

#endif
