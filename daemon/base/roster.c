/* SPDX-License-Identifier: ISC */
/*
 * Items lie in one array without gaps; slots, found by linear probing, say where.  A slot has a part of the hash beside
 * it, so that an item is as a rule looked at only when it is the right one: in a large table each look is a wait for
 * memory.  A removal moves the last item into the gap, and slots behind the freed one move up, so that no mark of a
 * removal is ever needed.
 *
 * Who comes in the same order again is found without the slots: the item behind the one found last is tried first.
 * And items that were appended get their slots when one is looked up elsewhere, which may be never.
 */
#include "base/roster.h"

#include "base/mem.h"
#include "base/rand.h"

#include <assert.h>
#include <sodium.h>
#include <stdint.h>
#include <string.h>

#define SLOTS_LEAST 16

struct slot {
	uint32_t number; /* of an item plus one, 0 = free */
	uint32_t tag;    /* of its hash */
};

struct au_roster {
	unsigned char key[crypto_shorthash_siphashx24_KEYBYTES];
	char *items; /* a hash, then the record */
	size_t size, count, cap;
	size_t slotted; /* items that have their slots */
	size_t next;    /* to be tried first */
	struct slot *slots;
	size_t slot_count;
};

struct hash {
	uint64_t words[2];
};
static_assert(sizeof(struct hash) == crypto_shorthash_siphashx24_BYTES, "a hash is two words");

static struct hash
hash_of(const struct au_roster *roster, const char *text)
{
	struct hash hash;

	crypto_shorthash_siphashx24((unsigned char *)hash.words, (const unsigned char *)text, strlen(text), roster->key);
	return hash;
}

static struct hash *
item(const struct au_roster *roster, size_t number)
{
	return (struct hash *)(void *)(roster->items + number * roster->size);
}

struct au_roster *
au_roster_new(size_t record_size)
{
	struct au_roster *roster = au_xcalloc(1, sizeof(*roster));

	au_rand_bytes(roster->key, sizeof(roster->key));
	roster->size = sizeof(struct hash) + (record_size + 7) / 8 * 8;
	roster->slot_count = SLOTS_LEAST;
	roster->slots = au_xcalloc(roster->slot_count, sizeof(*roster->slots));
	return roster;
}

void
au_roster_free(struct au_roster *roster)
{
	if (roster == NULL)
		return;
	free(roster->items);
	free(roster->slots);
	free(roster);
}

size_t
au_roster_count(const struct au_roster *roster)
{
	return roster->count;
}

size_t
au_roster_bytes(const struct au_roster *roster)
{
	return sizeof(*roster) + roster->cap * roster->size + roster->slot_count * sizeof(*roster->slots);
}

static size_t
home(const struct au_roster *roster, const struct hash *hash)
{
	return (size_t)hash->words[0] & (roster->slot_count - 1);
}

static size_t
after(const struct au_roster *roster, size_t slot)
{
	return (slot + 1) & (roster->slot_count - 1);
}

/* Other bits than those that make its home. */
static uint32_t
tag_of(const struct hash *hash)
{
	return (uint32_t)hash->words[1];
}

static void
fill(struct au_roster *roster, size_t slot, const struct hash *hash, size_t number)
{
	roster->slots[slot] = (struct slot){ (uint32_t)number + 1, tag_of(hash) };
}

/* The slot of a hash, or the free one where it would go. */
static size_t
find(const struct au_roster *roster, const struct hash *hash)
{
	size_t slot = home(roster, hash);

	for (;; slot = after(roster, slot)) {
		const struct slot *at = &roster->slots[slot];
		if (at->number == 0)
			return slot;
		if (at->tag == tag_of(hash) && memcmp(item(roster, at->number - 1), hash, sizeof(*hash)) == 0)
			return slot;
	}
}

static void
grow_slots(struct au_roster *roster)
{
	while (roster->count >= roster->slot_count / 4 * 3)
		roster->slot_count *= 2;
	free(roster->slots);
	roster->slots = au_xcalloc(roster->slot_count, sizeof(*roster->slots));
	roster->slotted = 0;
}

/* Before any slot is looked at. */
static void
index_items(struct au_roster *roster)
{
	if (roster->count >= roster->slot_count / 4 * 3)
		grow_slots(roster);
	for (; roster->slotted < roster->count; roster->slotted++) {
		const struct hash *hash = item(roster, roster->slotted);
		size_t slot = find(roster, hash);
		if (roster->slots[slot].number == 0)
			fill(roster, slot, hash, roster->slotted);
	}
}

static void *
add_item(struct au_roster *roster, const struct hash *hash)
{
	if (roster->count == roster->cap) {
		assert(roster->count < UINT32_MAX / 2);
		roster->cap += roster->cap / 2 + SLOTS_LEAST;
		roster->items = au_xrealloc(roster->items, roster->cap, roster->size);
	}
	struct hash *added = item(roster, roster->count++);
	memset(added, 0, roster->size);
	*added = *hash;
	return added + 1;
}

void *
au_roster_get(struct au_roster *roster, const char *text)
{
	struct hash hash = hash_of(roster, text);

	if (roster->next >= roster->count || memcmp(item(roster, roster->next), &hash, sizeof(hash)) != 0) {
		index_items(roster);
		size_t number = roster->slots[find(roster, &hash)].number;
		if (number == 0)
			return NULL;
		roster->next = number - 1;
	}
	return item(roster, roster->next++) + 1;
}

void *
au_roster_put(struct au_roster *roster, const char *text, bool *ret_is_new)
{
	struct hash hash = hash_of(roster, text);

	index_items(roster);
	size_t slot = find(roster, &hash);
	*ret_is_new = roster->slots[slot].number == 0;
	if (!*ret_is_new)
		return item(roster, roster->slots[slot].number - 1) + 1;
	fill(roster, slot, &hash, roster->count);
	roster->slotted++;
	return add_item(roster, &hash);
}

void *
au_roster_append(struct au_roster *roster, const char *text)
{
	struct hash hash = hash_of(roster, text);

	return add_item(roster, &hash);
}

/* Whoever was pushed past the freed slot moves up. */
static void
close_gap(struct au_roster *roster, size_t gap)
{
	for (size_t slot = after(roster, gap); roster->slots[slot].number != 0; slot = after(roster, slot)) {
		size_t wanted = home(roster, item(roster, roster->slots[slot].number - 1));
		bool is_between = gap <= slot ? wanted > gap && wanted <= slot : wanted > gap || wanted <= slot;
		if (is_between)
			continue;
		roster->slots[gap] = roster->slots[slot];
		gap = slot;
	}
	roster->slots[gap].number = 0;
}

bool
au_roster_remove(struct au_roster *roster, const char *text)
{
	struct hash hash = hash_of(roster, text);

	index_items(roster);
	size_t slot = find(roster, &hash);
	if (roster->slots[slot].number == 0)
		return false;
	size_t number = roster->slots[slot].number - 1, last = roster->count - 1;
	close_gap(roster, slot);
	if (number != last) {
		roster->slots[find(roster, item(roster, last))].number = (uint32_t)number + 1;
		memcpy(item(roster, number), item(roster, last), roster->size);
	}
	roster->count--;
	roster->slotted--;
	return true;
}

void *
au_roster_next(const struct au_roster *roster, size_t *cursor)
{
	return *cursor < roster->count ? item(roster, (*cursor)++) + 1 : NULL;
}
