/* SPDX-License-Identifier: ISC */
/*
 * Ready answers to GET, kept in a file without a name within a number of bytes (scim/shelf.h).  An answer is given
 * again only while the stamps of everything that it was made from hold (store/stamp.h), so a client cannot tell that
 * there is a cache.
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

/*
 * A file in the folder for at most so many bytes, and at most an eighth of the machine's memory; 12 MiB until it is
 * resized.  0 = keep nothing.  AU_EIO: there is a cache all the same, which keeps nothing.
 */
int au_cache_new(const char *folder, unsigned long long most, struct au_cache **ret, struct au_err *err);
void au_cache_free(struct au_cache *cache); /* NULL is fine */
/* Whether it is as au_cache_new would make it of these, but for what it holds. */
bool au_cache_is_of(const struct au_cache *cache, const char *folder, unsigned long long most);
void au_cache_clear(struct au_cache *cache);

/* There are so many resources, which the cache does of itself when it is full: 4 KiB for each, within its bounds. */
void au_cache_resize(struct au_cache *cache, unsigned long long resources);
/* Give all of the file back if the disk is nearly full. */
void au_cache_yield(struct au_cache *cache);

struct au_cache_stats {
	unsigned long long hits, misses; /* questions that could have been answered from it */
	unsigned long long failures;     /* answers that could not be written */
	unsigned long long given_back;   /* times that the disk was nearly full */
	unsigned long long bytes;        /* of the file */
};
void au_cache_stats(const struct au_cache *cache, struct au_cache_stats *ret);

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
