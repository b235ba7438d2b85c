/* SPDX-License-Identifier: ISC */
/*
 * Ready answers to GET, kept in memory within a number of bytes.  An answer is given again only while the stamps of
 * everything that it was made from hold (store/stamp.h), so a client cannot tell that there is a cache.
 *
 * A handler asks au_cache_answer first; if it has to read, it says before that what the answer will rest on.  On the
 * loop's thread.
 */
#ifndef SCIM_CACHE_H
#define SCIM_CACHE_H

#include "store/stamp.h"

struct au_cache;
struct au_request;

/* What a request keeps for the cache. */
struct au_cache_use {
	const char *key; /* NULL: its answer is not to be kept */
	struct au_stamp stamps[3];
	size_t stamp_count;
};

/* It has room for 12 MiB until it is resized, and never for more than `most` bytes; 0 = keep nothing. */
struct au_cache *au_cache_new(size_t most);
void au_cache_free(struct au_cache *cache); /* NULL is fine */

/* There are so many resources, which the cache does of itself when it is full: 1 KiB for each, within its bounds. */
void au_cache_resize(struct au_cache *cache, unsigned long long resources);

/* Whether there is a ready answer to the request, which then has been sent; r is gone. */
bool au_cache_answer(struct au_request *r);
/* Whether looking for the id of a resource is worth while: of late, answers that were asked for were ready. */
bool au_cache_may_have(struct au_cache *cache);
/* The ready answer to GET of another resource of the same type, which lives until the cache is used again. */
bool au_cache_resource(struct au_request *r, const char *id, const char **ret_body, size_t *ret_len);
/* The stored document and the version of the request's own resource, from a ready answer to GET; in the arena. */
bool au_cache_document(struct au_request *r, const char **ret_doc, long long *ret_version);
/*
 * The answer is about r->client's resources of r->type that `what` (AU_STAMP_ID, NAME or EXTERNAL_ID) finds by value,
 * and about no others.  To be called once, before the store is read.
 */
void au_cache_watch(struct au_request *r, enum au_stamp_of what, const char *value);
/* Keep the answer in r->reply, if it was watched and is still true. */
void au_cache_keep(struct au_request *r);

#endif
