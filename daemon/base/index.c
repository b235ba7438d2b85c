/* SPDX-License-Identifier: ISC */
/*
 * Items lie in one array without gaps; slots of four bytes, found by linear probing, say where.  A removal moves the
 * last item into the gap, and slots behind the freed one move up, so that no mark of a removal is ever needed.
 */
#include "base/index.h"

#include "base/mem.h"
#include "base/rand.h"

#include <assert.h>
#include <sodium.h>
#include <stdint.h>
#include <string.h>

#define SLOTS_LEAST 16

struct au_index {
	unsigned char key[crypto_shorthash_siphashx24_KEYBYTES];
	char *items; /* a hash, then the record */
	size_t size, count, cap;
	uint32_t *slots; /* number of an item plus one, 0 = free */
	size_t slot_count;
};

struct hash {
	uint64_t words[2];
};
static_assert(sizeof(struct hash) == crypto_shorthash_siphashx24_BYTES, "a hash is two words");

static struct hash
hash_of(const struct au_index *index, const char *text)
{
	struct hash hash;

	crypto_shorthash_siphashx24((unsigned char *)hash.words, (const unsigned char *)text, strlen(text), index->key);
	return hash;
}

static struct hash *
item(const struct au_index *index, size_t number)
{
	return (struct hash *)(void *)(index->items + number * index->size);
}

struct au_index *
au_index_new(size_t record_size)
{
	struct au_index *index = au_xcalloc(1, sizeof(*index));

	au_rand_bytes(index->key, sizeof(index->key));
	index->size = sizeof(struct hash) + (record_size + 7) / 8 * 8;
	index->slot_count = SLOTS_LEAST;
	index->slots = au_xcalloc(index->slot_count, sizeof(*index->slots));
	return index;
}

void
au_index_free(struct au_index *index)
{
	if (index == NULL)
		return;
	free(index->items);
	free(index->slots);
	free(index);
}

size_t
au_index_count(const struct au_index *index)
{
	return index->count;
}

static size_t
home(const struct au_index *index, const struct hash *hash)
{
	return (size_t)hash->words[0] & (index->slot_count - 1);
}

static size_t
after(const struct au_index *index, size_t slot)
{
	return (slot + 1) & (index->slot_count - 1);
}

/* The slot of a hash, or the free one where it would go. */
static size_t
find(const struct au_index *index, const struct hash *hash)
{
	size_t slot = home(index, hash);

	while (index->slots[slot] != 0 && memcmp(item(index, index->slots[slot] - 1), hash, sizeof(*hash)) != 0)
		slot = after(index, slot);
	return slot;
}

static void
grow_slots(struct au_index *index)
{
	index->slot_count *= 2;
	free(index->slots);
	index->slots = au_xcalloc(index->slot_count, sizeof(*index->slots));
	for (size_t i = 0; i < index->count; i++)
		index->slots[find(index, item(index, i))] = (uint32_t)i + 1;
}

static void
make_room(struct au_index *index)
{
	if (index->count == index->cap) {
		assert(index->count < UINT32_MAX / 2);
		index->cap += index->cap / 2 + SLOTS_LEAST;
		index->items = au_xrealloc(index->items, index->cap, index->size);
	}
	if (index->count >= index->slot_count / 4 * 3)
		grow_slots(index);
}

void *
au_index_get(const struct au_index *index, const char *text)
{
	struct hash hash = hash_of(index, text);
	uint32_t number = index->slots[find(index, &hash)];

	return number != 0 ? item(index, number - 1) + 1 : NULL;
}

void *
au_index_put(struct au_index *index, const char *text, bool *ret_is_new)
{
	struct hash hash = hash_of(index, text);

	make_room(index);
	size_t slot = find(index, &hash);
	*ret_is_new = index->slots[slot] == 0;
	if (*ret_is_new) {
		memset(item(index, index->count), 0, index->size);
		*item(index, index->count) = hash;
		index->slots[slot] = (uint32_t)++index->count;
	}
	return item(index, index->slots[slot] - 1) + 1;
}

/* Whoever was pushed past the freed slot moves up. */
static void
close_gap(struct au_index *index, size_t gap)
{
	for (size_t slot = after(index, gap); index->slots[slot] != 0; slot = after(index, slot)) {
		size_t wanted = home(index, item(index, index->slots[slot] - 1));
		bool is_between = gap <= slot ? wanted > gap && wanted <= slot : wanted > gap || wanted <= slot;
		if (is_between)
			continue;
		index->slots[gap] = index->slots[slot];
		gap = slot;
	}
	index->slots[gap] = 0;
}

bool
au_index_remove(struct au_index *index, const char *text)
{
	struct hash hash = hash_of(index, text);
	size_t slot = find(index, &hash);

	if (index->slots[slot] == 0)
		return false;
	size_t number = index->slots[slot] - 1, last = index->count - 1;
	close_gap(index, slot);
	if (number != last) {
		index->slots[find(index, item(index, last))] = (uint32_t)number + 1;
		memcpy(item(index, number), item(index, last), index->size);
	}
	index->count--;
	return true;
}

void *
au_index_next(const struct au_index *index, size_t *cursor)
{
	return *cursor < index->count ? item(index, (*cursor)++) + 1 : NULL;
}
