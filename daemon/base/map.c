/* SPDX-License-Identifier: ISC */
/*
 * A hash table: entries in an array in the order they came, and an index of
 * their positions by open addressing.  The hash is keyed (SipHash), because
 * keys come from outside and must not be able to collide on purpose.
 */
#include "base/map.h"

#include "base/mem.h"
#include "base/rand.h"

#include <pthread.h>
#include <sodium.h>
#include <stdint.h>
#include <string.h>

#define FIRST_CAP 8
#define EMPTY SIZE_MAX

struct entry {
	const char *key; /* NULL: removed */
	void *value;
	uint64_t hash;
};

struct au_map {
	struct entry *entries;
	size_t *index; /* 2 * cap positions in entries, or EMPTY */
	size_t used;   /* entries taken, removed ones included */
	size_t cap;    /* a power of two */
	size_t count;
	bool borrowing;
};

static unsigned char hash_key[crypto_shorthash_KEYBYTES];
static pthread_once_t hash_key_once = PTHREAD_ONCE_INIT;

static void
make_hash_key(void)
{
	au_rand_bytes(hash_key, sizeof(hash_key));
}

static uint64_t
hash_of(const char *key)
{
	uint64_t hash;

	_Static_assert(crypto_shorthash_BYTES == sizeof(hash), "size of the hash");
	crypto_shorthash((unsigned char *)&hash, (const unsigned char *)key, strlen(key), hash_key);
	return hash;
}

struct au_map *
au_map_new(void)
{
	pthread_once(&hash_key_once, make_hash_key);
	return au_xcalloc(1, sizeof(struct au_map));
}

struct au_map *
au_map_new_borrowing(void)
{
	struct au_map *map = au_map_new();

	map->borrowing = true;
	return map;
}

static void
free_key(const struct au_map *map, const char *key)
{
	if (!map->borrowing)
		free((char *)key);
}

void
au_map_free(struct au_map *map, void (*free_value)(void *))
{
	if (map == NULL)
		return;
	for (size_t i = 0; i < map->used; i++) {
		if (map->entries[i].key != NULL && free_value != NULL)
			free_value(map->entries[i].value);
		free_key(map, map->entries[i].key);
	}
	free(map->entries);
	free(map->index);
	free(map);
}

static struct entry *
find(const struct au_map *map, const char *key, uint64_t hash)
{
	if (map->count == 0)
		return NULL;
	for (size_t mask = 2 * map->cap - 1, at = hash & mask; map->index[at] != EMPTY; at = (at + 1) & mask) {
		struct entry *entry = &map->entries[map->index[at]];
		if (entry->key != NULL && entry->hash == hash && strcmp(entry->key, key) == 0)
			return entry;
	}
	return NULL;
}

static void
add_to_index(struct au_map *map, size_t position)
{
	size_t mask = 2 * map->cap - 1, at = map->entries[position].hash & mask;

	while (map->index[at] != EMPTY)
		at = (at + 1) & mask;
	map->index[at] = position;
}

/* Drop removed entries, double when it is still half full, and index anew. */
static void
rebuild(struct au_map *map)
{
	size_t live = 0;

	for (size_t i = 0; i < map->used; i++)
		if (map->entries[i].key != NULL)
			map->entries[live++] = map->entries[i];
	map->used = live;
	if (map->cap == 0 || live >= map->cap / 2)
		map->cap = map->cap > 0 ? 2 * map->cap : FIRST_CAP;
	map->entries = au_xrealloc(map->entries, map->cap, sizeof(*map->entries));
	map->index = au_xrealloc(map->index, 2 * map->cap, sizeof(*map->index));
	for (size_t i = 0; i < 2 * map->cap; i++)
		map->index[i] = EMPTY;
	for (size_t i = 0; i < live; i++)
		add_to_index(map, i);
}

void *
au_map_get(const struct au_map *map, const char *key)
{
	struct entry *entry = find(map, key, hash_of(key));

	return entry != NULL ? entry->value : NULL;
}

bool
au_map_has(const struct au_map *map, const char *key)
{
	return find(map, key, hash_of(key)) != NULL;
}

void *
au_map_put(struct au_map *map, const char *key, void *value)
{
	uint64_t hash = hash_of(key);
	struct entry *entry = find(map, key, hash);

	if (entry != NULL) {
		void *old = entry->value;
		entry->value = value;
		if (map->borrowing)
			entry->key = key; /* the one before may go with its value */
		return old;
	}
	if (map->used == map->cap)
		rebuild(map);
	map->entries[map->used] =
	    (struct entry){ .key = map->borrowing ? key : au_xstrdup(key), .value = value, .hash = hash };
	add_to_index(map, map->used++);
	map->count++;
	return NULL;
}

void *
au_map_remove(struct au_map *map, const char *key)
{
	struct entry *entry = find(map, key, hash_of(key));

	if (entry == NULL)
		return NULL;
	free_key(map, entry->key);
	entry->key = NULL;
	map->count--;
	return entry->value;
}

size_t
au_map_count(const struct au_map *map)
{
	return map->count;
}

bool
au_map_next(const struct au_map *map, size_t *cursor, const char **ret_key, void **ret_value)
{
	while (*cursor < map->used) {
		const struct entry *entry = &map->entries[(*cursor)++];
		if (entry->key == NULL)
			continue;
		if (ret_key != NULL)
			*ret_key = entry->key;
		if (ret_value != NULL)
			*ret_value = entry->value;
		return true;
	}
	return false;
}
