/* SPDX-License-Identifier: ISC */
/*
 * A map from what was asked to what was answered, and a queue of the same in order of use.  A search that found one
 * resource costs next to nothing: it leads to the answer that tells of the resource, and its own is made around that.
 */
#include "scim/cache.h"

#include "base/map.h"
#include "scim/account.h"
#include "scim/cache_room.h"
#include "scim/list.h"

#include <string.h>
#include <sys/queue.h>

#define LARGE_PART 64 /* an answer larger than this part of the whole would drive out too many others */
#define ONE_OF 8      /* so many new answers is let into a full cache */
#define LUCK 16       /* so many resources that were not ready follow one that was before few are looked for */
#define LEAST (12u << 20)
#define EACH 1024       /* bytes of an answer, about */
#define COUNT_EACH 1024 /* of so many answers that find it full, one has the resources counted */
#define OVERHEAD 96     /* of the map and of malloc, about */
#define SEARCHES 4      /* by name, by external id, by id, and one spelt otherwise: so many lead to one resource */

/* What a question leads to: an answer, or a search and the answer that it leads to. */
struct item {
	struct kept *kept;
	struct search *search; /* NULL = none */
};

/* What finds a resource, and no other, while the stamp holds and as long as the resource is as it is kept. */
struct search {
	struct item item;
	TAILQ_ENTRY(search) entry;
	struct au_stamp stamp;
	size_t size;
	char key[];
};

struct kept {
	struct item item;
	TAILQ_ENTRY(kept) entry;
	TAILQ_HEAD(search_queue, search) searches; /* the oldest in front */
	unsigned search_count;
	size_t size; /* without them */
	struct au_stamp stamps[AU_COUNT(((struct au_cache_use *)0)->stamps)];
	size_t stamp_count;
	char etag[AU_ETAG_SIZE];
	char *key, *location; /* behind the body; location NULL = none */
	size_t body_len, doc_len; /* doc_len: as in struct au_reply */
	char body[];
};

struct au_cache {
	struct au_map *items;              /* key -> struct item */
	TAILQ_HEAD(kept_queue, kept) used; /* the one used last in front */
	size_t size, room, most; /* bytes: what is there, for how much there is room now, and can be at most */
	unsigned turned_away, found_full;
	unsigned luck, looked; /* au_cache_may_have */
};

struct au_cache *
au_cache_new(size_t most)
{
	struct au_cache *cache = au_xcalloc(1, sizeof *cache);

	cache->items = au_map_new_borrowing();
	TAILQ_INIT(&cache->used);
	cache->most = most;
	au_cache_resize(cache, 0);
	return cache;
}

void
au_cache_resize(struct au_cache *cache, unsigned long long resources)
{
	size_t wanted = resources < SIZE_MAX / EACH ? (size_t)resources * EACH : SIZE_MAX;

	cache->room = wanted > LEAST ? wanted : LEAST;
	if (cache->room > cache->most)
		cache->room = cache->most;
}

static void
forget(struct au_cache *cache, struct search *search)
{
	struct kept *found = search->item.kept;

	au_map_remove(cache->items, search->key);
	TAILQ_REMOVE(&found->searches, search, entry);
	found->search_count--;
	cache->size -= search->size;
	free(search);
}

/* clang's analyzer does not see that these take things out of their queues, so it is told to be quiet. */
static void
drop(struct au_cache *cache, struct kept *kept)
{
	while (kept->search_count > 0)                       /* NOLINT(clang-analyzer-core.NullDereference) */
		forget(cache, TAILQ_FIRST(&kept->searches)); /* NOLINT(clang-analyzer-unix.Malloc) */
	au_map_remove(cache->items, kept->key);
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
	au_map_free(cache->items, NULL);
	free(cache);
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

static void
use(struct au_cache *cache, struct kept *kept)
{
	if (kept == TAILQ_FIRST(&cache->used))
		return;
	TAILQ_REMOVE(&cache->used, kept, entry);
	TAILQ_INSERT_HEAD(&cache->used, kept, entry);
}

/* What is there under the key and still true; what is not goes. */
static struct item *
find(struct au_request *r, const char *key)
{
	struct au_cache *cache = r->scim->cache;
	struct item *item = au_map_get(cache->items, key);

	if (item == NULL)
		return NULL;
	if (item->search != NULL && !au_store_stamp_holds(r->scim->store, &item->search->stamp)) {
		forget(cache, item->search);
		return NULL;
	}
	if (!is_true(r->scim->store, item->kept->stamps, item->kept->stamp_count)) {
		drop(cache, item->kept);
		return NULL;
	}
	return item;
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

static void
put_found(struct au_request *r, const struct kept *kept)
{
	r->reply.status = 200;
	au_list_put_one(&r->reply.body, kept->body, kept->body_len);
}

bool
au_cache_answer(struct au_request *r)
{
	const struct item *item;
	const char *key;

	if (r->scim->cache->most == 0 || r->type == NULL || r->type->kind == AU_TYPE_OTHER)
		return false;
	key = key_of(r, au_http_query(r->x), r->id);
	item = find(r, key);
	if (item == NULL) {
		r->cache.key = key;
		return false;
	}
	use(r->scim->cache, item->kept);
	if (item->search != NULL)
		put_found(r, item->kept);
	else
		put_reply(r, item->kept);
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
	const struct item *item = find(r, key_of(r, NULL, id));

	if (item != NULL)
		cache->luck = LUCK;
	else if (cache->luck > 0)
		cache->luck--;
	if (item == NULL)
		return false;
	*ret_body = item->kept->body;
	*ret_len = item->kept->body_len;
	return true;
}

bool
au_cache_document(struct au_request *r, const char **ret_doc, long long *ret_version)
{
	const struct item *item = find(r, key_of(r, NULL, r->id));
	const struct kept *kept = item != NULL ? item->kept : NULL;

	if (kept == NULL || kept->doc_len == 0)
		return false;
	*ret_doc = au_arena_printf(r->arena, "%.*s}", (int)kept->doc_len, kept->body);
	*ret_version = au_etag_version(kept->etag);
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
	size_t stamp_count;
};

static struct kept *
new_kept(const struct fresh *fresh)
{
	size_t key_size = strlen(fresh->key) + 1;
	size_t location_size = fresh->location != NULL ? strlen(fresh->location) + 1 : 0;
	size_t size = sizeof(struct kept) + fresh->body_len + key_size + location_size;
	struct kept *kept = au_xcalloc(1, size);

	kept->item.kept = kept;
	TAILQ_INIT(&kept->searches);
	kept->size = size + OVERHEAD;
	memcpy(kept->stamps, fresh->stamps, fresh->stamp_count * sizeof *fresh->stamps);
	kept->stamp_count = fresh->stamp_count;
	memcpy(kept->etag, fresh->etag, strlen(fresh->etag) + 1);
	kept->body_len = fresh->body_len;
	kept->doc_len = fresh->doc_len;
	memcpy(kept->body, fresh->body, fresh->body_len);
	kept->key = memcpy(kept->body + fresh->body_len, fresh->key, key_size);
	if (location_size > 0)
		kept->location = memcpy(kept->key + key_size, fresh->location, location_size);
	return kept;
}

/* Settings that were replaced while the store was read may have shaped the answer. */
static bool
may_be_kept(const struct au_request *r)
{
	return r->cache.key != NULL && r->cache.stamp_count > 0 && r->reply.status == 200 && r->reply.body.len > 0 &&
	       r->reply.body.len <= r->scim->cache->room / LARGE_PART && r->settings == r->scim->settings &&
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

	if (last == NULL || cache->size + last->size <= cache->room)
		return true;
	if (cache->room < cache->most && cache->found_full++ % COUNT_EACH == 0)
		au_cache_grow(r->scim);
	return !is_true(r->scim->store, last->stamps, last->stamp_count) || ++cache->turned_away % ONE_OF == 0;
}

static void
make_room(struct au_cache *cache)
{
	while (cache->size > cache->room)
		drop(cache, TAILQ_LAST(&cache->used, kept_queue)); /* NOLINT(clang-analyzer-unix.Malloc) */
}

/* There is nothing under its key now.  It may be driven out only by what comes later. */
static struct kept *
put_in(struct au_request *r, const struct fresh *fresh)
{
	struct au_cache *cache = r->scim->cache;
	struct kept *kept;

	if (!is_let_in(r))
		return NULL;
	kept = new_kept(fresh);
	au_map_put(cache->items, kept->key, &kept->item);
	TAILQ_INSERT_HEAD(&cache->used, kept, entry);
	cache->size += kept->size;
	return kept;
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
		.stamps = r->cache.stamps,
		.stamp_count = r->cache.stamp_count };

	/* another request with the same question may have been faster */
	if (find(r, fresh.key) == NULL)
		put_in(r, &fresh);
}

/*
 * The resource as GET would have answered it.  It rests on the id instead of what the list found it by: each change of
 * a resource moves the stamps of all that finds it, so who has this one before he knows that those hold still has it in
 * time.
 */
static struct kept *
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
		.stamps = stamps,
		.stamp_count = r->cache.stamp_count };

	memcpy(stamps, r->cache.stamps, sizeof stamps);
	if (!au_store_stamp(r->scim->store, AU_STAMP_ID, r->client, r->type->name, only->id, &stamps[0]) ||
	    !is_true(r->scim->store, r->cache.stamps, r->cache.stamp_count))
		return NULL;
	return put_in(r, &fresh);
}

static void
add_search(struct au_request *r, struct kept *found)
{
	struct au_cache *cache = r->scim->cache;
	size_t key_size = strlen(r->cache.key) + 1;
	struct search *search = au_xcalloc(1, sizeof *search + key_size);
	struct item *old = au_map_get(cache->items, r->cache.key);

	/* what found is not: that has another key */
	if (old != NULL && old->search != NULL)
		forget(cache, old->search);
	else if (old != NULL)
		drop(cache, old->kept);
	if (found->search_count == SEARCHES)
		forget(cache, TAILQ_FIRST(&found->searches));
	search->item = (struct item){ found, search };
	search->stamp = r->cache.stamps[0];
	search->size = sizeof *search + key_size + OVERHEAD;
	memcpy(search->key, r->cache.key, key_size);
	au_map_put(cache->items, search->key, &search->item);
	TAILQ_INSERT_TAIL(&found->searches, search, entry);
	found->search_count++;
	cache->size += search->size;
}

static void
keep_search(struct au_request *r)
{
	const char *key = key_of(r, NULL, r->reply.only.id);
	const struct item *item = find(r, key);
	struct kept *found = item != NULL ? item->kept : keep_resource(r, key);

	if (found == NULL)
		return;
	add_search(r, found);
	use(r->scim->cache, found);
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
	make_room(r->scim->cache);
}
