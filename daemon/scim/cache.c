/* SPDX-License-Identifier: ISC */
/* A map from what was asked to what was answered, and a queue of the same in order of use. */
#include "scim/cache.h"

#include "base/map.h"
#include "scim/account.h"
#include "scim/request.h"

#include <string.h>
#include <sys/queue.h>

#define LARGE_PART 64 /* an answer larger than this part of the whole would drive out too many others */
#define ONE_OF 8      /* so many new answers is let into a full cache */
#define OVERHEAD 128  /* of the map and of malloc, about */

struct kept {
	TAILQ_ENTRY(kept) entry;
	size_t size;
	struct au_stamp stamps[AU_COUNT(((struct au_cache_use *)0)->stamps)];
	size_t stamp_count;
	char etag[AU_ETAG_SIZE];
	char *key, *location; /* behind the body; location NULL = none */
	size_t body_len;
	char body[];
};

struct au_cache {
	struct au_map *answers;            /* key -> struct kept */
	TAILQ_HEAD(kept_queue, kept) used; /* the one used last in front */
	size_t size, most;
	unsigned turned_away;
};

struct au_cache *
au_cache_new(size_t most)
{
	struct au_cache *cache = au_xcalloc(1, sizeof *cache);

	cache->answers = au_map_new();
	TAILQ_INIT(&cache->used);
	cache->most = most;
	return cache;
}

/* clang's analyzer does not see that this takes an answer out of the queue, so its callers tell it to be quiet. */
static void
drop(struct au_cache *cache, struct kept *kept)
{
	au_map_remove(cache->answers, kept->key); /* NOLINT(clang-analyzer-core.NullDereference) */
	TAILQ_REMOVE(&cache->used, kept, entry);
	cache->size -= kept->size;
	free(kept);
}

void
au_cache_free(struct au_cache *cache)
{
	struct kept *kept;

	if (cache == NULL)
		return;
	while ((kept = TAILQ_FIRST(&cache->used)) != NULL)
		drop(cache, kept); /* NOLINT(clang-analyzer-unix.Malloc) */
	au_map_free(cache->answers, NULL);
	free(cache);
}

/* ---- asking ---- */

/*
 * All that an answer depends on besides the store and the settings.  The id comes last: nothing else here can hold a
 * line's end.
 */
static const char *
key_of(struct au_request *r)
{
	const char *parts[] = { r->client, r->base_url, r->type->endpoint, au_http_query(r->x), r->id };
	AU_CLEANUP(au_str_done) struct au_str key = AU_STR_INIT;

	au_str_room(&key, 255);
	au_str_num(&key, r->profile->quirks);
	for (size_t i = 0; i < AU_COUNT(parts); i++) {
		au_str_putc(&key, parts[i] != NULL ? '\n' : '\r');
		au_str_put(&key, parts[i]);
	}
	return au_arena_strndup(r->arena, key.data, key.len);
}

static bool
is_true(struct au_store *store, const struct au_stamp *stamps, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!au_store_stamp_holds(store, &stamps[i]))
			return false;
	return true;
}

static struct kept *
find(struct au_request *r, const char *key)
{
	struct au_cache *cache = r->scim->cache;
	struct kept *kept = au_map_get(cache->answers, key);

	if (kept == NULL)
		return NULL;
	if (!is_true(r->scim->store, kept->stamps, kept->stamp_count)) {
		drop(cache, kept);
		return NULL;
	}
	if (kept != TAILQ_FIRST(&cache->used)) {
		TAILQ_REMOVE(&cache->used, kept, entry);
		TAILQ_INSERT_HEAD(&cache->used, kept, entry);
	}
	return kept;
}

/* A list has no tag, so a condition on it says nothing. */
static void
put_reply(struct au_request *r, const struct kept *kept)
{
	const char *known = kept->etag[0] != '\0' ? au_http_header(r->x, "If-None-Match") : NULL;
	struct au_reply *reply = &r->reply;

	memcpy(reply->etag, kept->etag, sizeof reply->etag);
	if (known != NULL && au_etag_is_listed(known, kept->etag)) {
		reply->status = 304;
		return;
	}
	reply->status = 200;
	reply->location = kept->location;
	reply->ready = kept->body;
	reply->ready_len = kept->body_len;
}

bool
au_cache_answer(struct au_request *r)
{
	const struct kept *kept;
	const char *key;

	if (r->scim->cache->most == 0 || r->type == NULL || r->type->kind == AU_TYPE_OTHER)
		return false;
	key = key_of(r);
	kept = find(r, key);
	if (kept == NULL) {
		r->cache.key = key;
		return false;
	}
	put_reply(r, kept);
	au_request_reply(r);
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

static struct kept *
new_kept(const struct au_request *r)
{
	const struct au_reply *reply = &r->reply;
	size_t body_len = reply->body.len, key_size = strlen(r->cache.key) + 1;
	size_t location_size = reply->location != NULL ? strlen(reply->location) + 1 : 0;
	struct kept *kept = au_xcalloc(1, sizeof *kept + body_len + key_size + location_size);

	kept->size = sizeof *kept + body_len + 2 * key_size + location_size + OVERHEAD;
	memcpy(kept->stamps, r->cache.stamps, sizeof kept->stamps);
	kept->stamp_count = r->cache.stamp_count;
	memcpy(kept->etag, reply->etag, sizeof kept->etag);
	kept->body_len = body_len;
	memcpy(kept->body, reply->body.data, body_len);
	kept->key = memcpy(kept->body + body_len, r->cache.key, key_size);
	if (location_size > 0)
		kept->location = memcpy(kept->key + key_size, reply->location, location_size);
	return kept;
}

/* Settings that were replaced while the store was read may have shaped the answer. */
static bool
may_be_kept(const struct au_request *r)
{
	return r->cache.key != NULL && r->cache.stamp_count > 0 && r->reply.status == 200 && r->reply.body.len > 0 &&
	       r->reply.body.len <= r->scim->cache->most / LARGE_PART && r->settings == r->scim->settings &&
	       is_true(r->scim->store, r->cache.stamps, r->cache.stamp_count);
}

/*
 * Who reads everything once, in whatever order, must not drive out what is asked for again and again: while the cache
 * is full of answers that are true, few new ones come in.
 */
static bool
is_let_in(struct au_request *r)
{
	struct au_cache *cache = r->scim->cache;
	const struct kept *last = TAILQ_LAST(&cache->used, kept_queue);

	if (last == NULL || cache->size + last->size <= cache->most)
		return true;
	return !is_true(r->scim->store, last->stamps, last->stamp_count) || ++cache->turned_away % ONE_OF == 0;
}

void
au_cache_keep(struct au_request *r)
{
	struct au_cache *cache = r->scim->cache;
	struct kept *kept, *old;

	if (!may_be_kept(r) || !is_let_in(r))
		return;
	old = au_map_get(cache->answers, r->cache.key);
	if (old != NULL)
		drop(cache, old);
	kept = new_kept(r);
	au_map_put(cache->answers, kept->key, kept);
	TAILQ_INSERT_HEAD(&cache->used, kept, entry);
	cache->size += kept->size;
	while (cache->size > cache->most)
		drop(cache, TAILQ_LAST(&cache->used, kept_queue)); /* NOLINT(clang-analyzer-unix.Malloc) */
}
