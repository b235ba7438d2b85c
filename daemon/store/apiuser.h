/* SPDX-License-Identifier: ISC */
/* API users: the merged records. */
#ifndef STORE_APIUSER_H
#define STORE_APIUSER_H

#include "model/apiuser.h"
#include "store/store.h"

int au_store_apiuser_put(struct au_store_tx *tx, const struct au_apiuser *user, struct au_err *err); /* by id */
int au_store_apiuser_remove(struct au_store_tx *tx, const char *id, struct au_err *err); /* only when it has no accounts: AU_EEXIST */
int au_store_apiuser_by_key(struct au_store_tx *tx, struct au_arena *arena, const char *key, struct au_apiuser *ret,
    struct au_err *err); /* AU_ENOENT */
int au_store_apiuser_get(struct au_store_tx *tx, struct au_arena *arena, const char *id, struct au_apiuser *ret,
    struct au_err *err); /* AU_ENOENT */
/* By id, key, user name or mail, as people type it; AU_ENOENT, AU_EEXIST when several match. */
int au_store_apiuser_search(struct au_store_tx *tx, struct au_arena *arena, const char *word, struct au_apiuser *ret,
    struct au_err *err);
/* In order of key, after `after` ("" first). */
int au_store_apiuser_list(struct au_store_tx *tx, struct au_arena *arena, const char *after, size_t limit,
    struct au_apiuser **ret, size_t *ret_count, struct au_err *err);
/* Those whose entries contradict each other, in order of key. */
int au_store_apiuser_conflicts(struct au_store_tx *tx, struct au_arena *arena, size_t limit, struct au_apiuser **ret,
    size_t *ret_count, struct au_err *err);
/* Those that expire until a time, in order of when, after one of them (0 and "" first). */
int au_store_apiuser_ending(struct au_store_tx *tx, struct au_arena *arena, long long after_ms, const char *after_key,
    long long until_ms, size_t limit, struct au_apiuser **ret, size_t *ret_count, struct au_err *err);
/* How many have expired, how many will until a time, and how many have an owner who left. */
struct au_apiuser_ends {
	long long expired, expiring, owner_left;
};
int au_store_apiuser_ends(
    struct au_store_tx *tx, long long now_ms, long long until_ms, struct au_apiuser_ends *ret, struct au_err *err);
int au_store_apiuser_count(struct au_store_tx *tx, long long *ret, struct au_err *err);

/* The next look shall see this API user anew; one that is gone needs none. */
int au_store_dirty_mark_apiuser(struct au_store_tx *tx, struct au_arena *arena, const char *id, struct au_err *err);

#endif
