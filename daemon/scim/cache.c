/* SPDX-License-Identifier: ISC */
/*
 * A shelf of what was answered under what was asked.  A search that found one resource leads to the answer that tells
 * of the resource, and its own is made around that.
 */
#include "scim/cache.h"

#include "base/clock.h"
#include "scim/account.h"
#include "scim/cache_room.h"
#include "scim/list.h"
#include "scim/shelf.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#define ONE_OF 8 /* so many new answers is let into a full cache */
#define LUCK 16  /* so many resources that were not ready follow one that was before few are looked for */
#define LEAST (12u << 20)
#define EACH 4096       /* bytes of an answer and of a search for it, about */
#define MEMORY_PART 8   /* the kernel may keep so small a part of the machine's memory for it */
#define COUNT_EACH 1024 /* of so many answers that find it full, one has the resources counted */
#define REST_MS 60000   /* after a failure */

/* What lies on the shelf: this, the location with its end, and the body or of a search the id that was found. */
struct head {
	uint64_t sum; /* of what follows in it */
	struct au_stamp stamps[AU_COUNT(((struct au_cache_use *)0)->stamps)];
	size_t stamp_count;
	size_t location_size, body_len; /* no location: 0 */
	size_t doc_len;                 /* as in struct au_reply */
	char etag[AU_ETAG_SIZE];
	int is_search;
};

/* The same as it was found. */
struct kept {
	struct head head;
	const char *location; /* NULL = none */
	const char *body;
};

struct au_cache {
	struct au_shelf *shelf; /* NULL: nothing is kept */
	char *folder;
	unsigned long long most; /* bytes */
	size_t untrue;           /* bytes of answers that went because they were no longer true */
	unsigned turned_away, found_full;
	unsigned luck, looked; /* au_cache_may_have */
	int64_t rests_until;   /* nothing is kept before, because that failed; monotonic */
	bool failing;
	struct au_cache_stats stats;
};

/* What is larger than a part of the memory would not be read from memory. */
static unsigned long long
at_most(unsigned long long most)
{
	long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
	unsigned long long memory = pages > 0 && page > 0 ? (unsigned long long)pages * (unsigned long long)page : 0;

	return memory > 0 && most > memory / MEMORY_PART ? memory / MEMORY_PART : most;
}

int
au_cache_new(const char *folder, unsigned long long most, struct au_cache **ret, struct au_err *err)
{
	struct au_cache *cache = *ret = au_xcalloc(1, sizeof *cache);
	int rc;

	cache->folder = au_xstrdup(folder);
	cache->most = most;
	rc = most > 0 ? au_shelf_open(folder, at_most(most), &cache->shelf, err) : 0;
	au_cache_resize(cache, 0);
	return rc;
}

void
au_cache_free(struct au_cache *cache)
{
	if (cache == NULL)
		return;
	au_shelf_free(cache->shelf);
	free(cache->folder);
	free(cache);
}

bool
au_cache_is_of(const struct au_cache *cache, const char *folder, unsigned long long most)
{
	return cache->most == most && strcmp(cache->folder, folder) == 0 && (cache->shelf != NULL || most == 0);
}

void
au_cache_clear(struct au_cache *cache)
{
	if (cache->shelf != NULL)
		au_shelf_clear(cache->shelf);
}

void
au_cache_resize(struct au_cache *cache, unsigned long long resources)
{
	unsigned long long wanted = resources < ULLONG_MAX / EACH ? resources * EACH : ULLONG_MAX;

	if (cache->shelf != NULL)
		au_shelf_resize(cache->shelf, wanted > LEAST ? wanted : LEAST);
}

void
au_cache_yield(struct au_cache *cache)
{
	if (cache->shelf != NULL && au_shelf_yield(cache->shelf))
		cache->stats.given_back++;
}

void
au_cache_stats(const struct au_cache *cache, struct au_cache_stats *ret)
{
	*ret = cache->stats;
	ret->bytes = cache->shelf != NULL ? au_shelf_size(cache->shelf) : 0;
}

/* ---- asking ---- */

/*
 * All that an answer depends on besides the store and the settings.  The id comes last: nothing else here can hold a
 * line's end.
 */
static const char *
key_of(struct au_request *r, const char *query, const char *id)
{
	const char *parts[] = { r->client, r->base_url, r->type->endpoint, query, id };
	size_t size = AU_NUMBER_SIZE + 1;
	char *key, *at;

	for (size_t i = 0; i < AU_COUNT(parts); i++)
		size += 1 + (parts[i] != NULL ? strlen(parts[i]) : 0);
	key = au_arena_alloc(r->arena, size);
	at = au_put_number(key, r->profile->quirks);
	for (size_t i = 0; i < AU_COUNT(parts); i++) {
		*at++ = parts[i] != NULL ? '\n' : '\r';
		at = au_put_text(at, parts[i] != NULL ? parts[i] : "");
	}
	*at = '\0';
	return key;
}

static bool
is_true(struct au_store *store, const struct au_stamp *stamps, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!au_store_stamp_holds(store, &stamps[i]))
			return false;
	return true;
}

/* A disk that gives other bytes than it was given shall be noticed before they are believed; nobody makes them up. */
static uint64_t
sum_of(const struct head *head)
{
	const char *bytes = (const char *)head;
	uint64_t sum = 0, word;

	_Static_assert(sizeof *head % sizeof word == 0, "whole words");
	for (size_t at = sizeof head->sum; at < sizeof *head; at += sizeof word) {
		memcpy(&word, bytes + at, sizeof word);
		sum = (sum ^ word) * 0x9e3779b97f4a7c15;
		sum ^= sum >> 32;
	}
	return sum;
}

/* The parts of what lies on the shelf; false when they are not what was put there, as a broken disk has it. */
static bool
take_apart(const char *data, size_t len, struct kept *ret)
{
	struct head *head = &ret->head;

	if (len < sizeof *head)
		return false;
	memcpy(head, data, sizeof *head);
	data += sizeof *head;
	len -= sizeof *head;
	ret->location = head->location_size > 0 ? data : NULL;
	ret->body = data + head->location_size;
	return head->sum == sum_of(head) && head->location_size + head->body_len == len &&
	       (ret->location == NULL || ret->body[-1] == '\0');
}

/* What is there under the key and still true, until the cache is used again; what is not goes. */
static bool
find(struct au_request *r, const char *key, struct kept *ret)
{
	struct au_cache *cache = r->scim->cache;
	const char *data;
	size_t len;

	if (cache->shelf == NULL || !au_shelf_get(cache->shelf, key, &data, &len))
		return false;
	if (take_apart(data, len, ret) && is_true(r->scim->store, ret->head.stamps, ret->head.stamp_count))
		return true;
	au_shelf_remove(cache->shelf, key);
	cache->untrue += len;
	return false;
}

/* The same, and where it is a search, what it leads to in its place. */
static bool
find_answer(struct au_request *r, const char *key, struct kept *ret, bool *ret_searched)
{
	const char *id;

	if (!find(r, key, ret))
		return false;
	*ret_searched = ret->head.is_search != 0;
	if (!*ret_searched)
		return true;
	id = au_arena_strndup(r->arena, ret->body, ret->head.body_len);
	return find(r, key_of(r, NULL, id), ret);
}

/* A list has no tag, so a condition on it says nothing. */
static void
put_reply(struct au_request *r, const struct kept *kept)
{
	const char *etag = kept->head.etag;
	const char *known = etag[0] != '\0' ? au_http_header(r->x, "If-None-Match") : NULL;
	struct au_reply *reply = &r->reply;

	memcpy(reply->etag, etag, sizeof reply->etag);
	if (known != NULL && au_etag_is_listed(known, etag)) {
		reply->status = 304;
		return;
	}
	reply->status = 200;
	reply->location = kept->location;
	reply->ready = kept->body;
	reply->ready_len = kept->head.body_len;
}

static void
put_found(struct au_request *r, const struct kept *kept)
{
	r->reply.status = 200;
	au_list_put_one(&r->reply.body, kept->body, kept->head.body_len);
}

bool
au_cache_answer(struct au_request *r)
{
	struct au_cache *cache = r->scim->cache;
	struct kept kept;
	const char *key;
	bool searched;

	if (cache->shelf == NULL || r->type == NULL || r->type->kind == AU_TYPE_OTHER)
		return false;
	key = key_of(r, au_http_query(r->x), r->id);
	if (!find_answer(r, key, &kept, &searched)) {
		cache->stats.misses++;
		r->cache.key = key;
		return false;
	}
	cache->stats.hits++;
	if (searched)
		put_found(r, &kept);
	else
		put_reply(r, &kept);
	au_request_reply(r);
	return true;
}

bool
au_cache_may_have(struct au_cache *cache)
{
	return cache->luck > 0 || cache->looked++ % ONE_OF == 0;
}

bool
au_cache_resource(struct au_request *r, const char *id, const char **ret_body, size_t *ret_len)
{
	struct au_cache *cache = r->scim->cache;
	struct kept kept;
	bool found = find(r, key_of(r, NULL, id), &kept);

	if (found)
		cache->luck = LUCK;
	else if (cache->luck > 0)
		cache->luck--;
	if (!found)
		return false;
	*ret_body = kept.body;
	*ret_len = kept.head.body_len;
	return true;
}

bool
au_cache_document(struct au_request *r, const char **ret_doc, long long *ret_version)
{
	struct kept kept;

	if (!find(r, key_of(r, NULL, r->id), &kept) || kept.head.doc_len == 0)
		return false;
	*ret_doc = au_arena_printf(r->arena, "%.*s}", (int)kept.head.doc_len, kept.body);
	*ret_version = au_etag_version(kept.head.etag);
	return true;
}

/* ---- keeping ---- */

static void
watch_one(struct au_request *r, enum au_stamp_of what, const char *client, const char *type, const char *value)
{
	struct au_cache_use *use = &r->cache;

	if (use->stamp_count < AU_COUNT(use->stamps) &&
	    au_store_stamp(r->scim->store, what, client, type, value, &use->stamps[use->stamp_count]))
		use->stamp_count++;
	else
		use->key = NULL;
}

void
au_cache_watch(struct au_request *r, enum au_stamp_of what, const char *value)
{
	if (r->cache.key == NULL)
		return;
	watch_one(r, what, r->client, r->type->name, value);
	/* users tell what their groups are called, groups the same of their members */
	watch_one(r, AU_STAMP_GROUPS, NULL, NULL, NULL);
	if (r->type->kind == AU_TYPE_GROUP)
		watch_one(r, AU_STAMP_ENTRIES, NULL, NULL, NULL);
	else if (au_account_is_shown(r))
		watch_one(r, AU_STAMP_ACCOUNTS, NULL, NULL, NULL);
}

/* An answer that is to be kept. */
struct fresh {
	const char *key, *etag, *location; /* location NULL = none */
	const char *body;
	size_t body_len, doc_len;
	const struct au_stamp *stamps;
	bool is_search; /* the body is an id */
};

/* Settings that were replaced while the store was read may have shaped the answer. */
static bool
may_be_kept(const struct au_request *r)
{
	return r->scim->cache->shelf != NULL && r->cache.key != NULL && r->cache.stamp_count > 0 &&
	       r->reply.status == 200 && r->reply.body.len > 0 && r->settings == r->scim->settings &&
	       is_true(r->scim->store, r->cache.stamps, r->cache.stamp_count);
}

/*
 * Who reads everything once, in whatever order, must not drive out what is asked for again and again: into a cache that
 * is full few new answers come, but for those that take the place of some that are no longer true.
 */
static bool
is_let_in(struct au_request *r, size_t size)
{
	struct au_cache *cache = r->scim->cache;

	if (!au_shelf_is_full(cache->shelf)) {
		cache->untrue = 0;
		return true;
	}
	if (cache->found_full++ % COUNT_EACH == 0)
		au_cache_grow(r->scim);
	if (cache->untrue >= size) {
		cache->untrue -= size;
		return true;
	}
	return ++cache->turned_away % ONE_OF == 0;
}

/* It is told of once, and then left alone for a while. */
static void
note_failure(struct au_scim *scim, const char *why)
{
	struct au_cache *cache = scim->cache;

	cache->stats.failures++;
	cache->rests_until = au_clock_mono_ms() + REST_MS;
	if (!cache->failing && scim->events.cache != NULL)
		scim->events.cache(scim->ctx, why);
	cache->failing = true;
}

static void
note_success(struct au_scim *scim)
{
	if (scim->cache->failing && scim->events.cache != NULL)
		scim->events.cache(scim->ctx, NULL);
	scim->cache->failing = false;
}

static bool
put_in(struct au_request *r, const struct fresh *fresh)
{
	struct au_cache *cache = r->scim->cache;
	struct head head;
	struct iovec parts[] = { { .iov_base = &head, .iov_len = sizeof head },
		{ .iov_base = (char *)fresh->location,
		    .iov_len = fresh->location != NULL ? strlen(fresh->location) + 1 : 0 },
		{ .iov_base = (char *)fresh->body, .iov_len = fresh->body_len } };
	struct au_err err;
	int rc;

	if (au_clock_mono_ms() < cache->rests_until || !is_let_in(r, fresh->body_len))
		return false;
	memset(&head, 0, sizeof head); /* with what lies between its members */
	memcpy(head.stamps, fresh->stamps, r->cache.stamp_count * sizeof *fresh->stamps);
	head.stamp_count = r->cache.stamp_count;
	head.location_size = parts[1].iov_len;
	head.body_len = fresh->body_len;
	head.doc_len = fresh->doc_len;
	head.is_search = fresh->is_search;
	memcpy(head.etag, fresh->etag, strlen(fresh->etag) + 1);
	head.sum = sum_of(&head);
	rc = au_shelf_put(cache->shelf, fresh->key, parts, AU_COUNT(parts), &err);
	if (rc == AU_EIO)
		note_failure(r->scim, err.text);
	else if (rc == 0)
		note_success(r->scim);
	return rc == 0;
}

static void
keep_answer(struct au_request *r)
{
	const struct au_reply *reply = &r->reply;
	struct fresh fresh = { .key = r->cache.key,
		.etag = reply->etag,
		.location = reply->location,
		.body = reply->body.data,
		.body_len = reply->body.len,
		.doc_len = reply->doc_len,
		.stamps = r->cache.stamps };

	put_in(r, &fresh);
}

/*
 * The resource as GET would have answered it.  It rests on the id instead of what the list found it by: each change of
 * a resource moves the stamps of all that finds it, so who has this one before he knows that those hold still has it in
 * time.
 */
static bool
keep_resource(struct au_request *r, const char *key)
{
	const struct au_reply_only *only = &r->reply.only;
	struct au_stamp stamps[AU_COUNT(r->cache.stamps)];
	char etag[AU_ETAG_SIZE];
	struct fresh fresh = { .key = key,
		.etag = au_etag(only->version, etag),
		.location = au_request_location(r, r->type, only->id),
		.body = r->reply.body.data + only->at,
		.body_len = only->len,
		.doc_len = r->reply.doc_len,
		.stamps = stamps };

	memcpy(stamps, r->cache.stamps, sizeof stamps);
	return au_store_stamp(r->scim->store, AU_STAMP_ID, r->client, r->type->name, only->id, &stamps[0]) &&
	       is_true(r->scim->store, r->cache.stamps, r->cache.stamp_count) && put_in(r, &fresh);
}

/* All that it rests on holds for what it leads to as well, but that may be kept anew while this one lasts. */
static void
keep_search(struct au_request *r)
{
	const char *id = r->reply.only.id, *key = key_of(r, NULL, id);
	struct fresh fresh = { .key = r->cache.key,
		.etag = "",
		.body = id,
		.body_len = strlen(id),
		.stamps = r->cache.stamps,
		.is_search = true };
	struct kept kept;

	if (find(r, key, &kept) || keep_resource(r, key))
		put_in(r, &fresh);
}

void
au_cache_keep(struct au_request *r)
{
	if (!may_be_kept(r))
		return;
	if (r->reply.only.id != NULL)
		keep_search(r);
	else
		keep_answer(r);
}
