/* SPDX-License-Identifier: ISC */
/*
 * Many small tables with open addressing in place of a large one, so that making one larger takes some microseconds
 * and little memory beside it.
 */
#include "scim/places.h"

#include "base/mem.h"

#include <stdbool.h>
#include <string.h>

#define TABLES 256 /* as many as eight bits of the hash tell apart */
#define SPARE 8

struct table {
	struct au_place *places; /* size 0: never used; at 0: free again */
	uint32_t count, taken;   /* taken: not never used */
};

struct au_places {
	struct table tables[TABLES];
	uint64_t first;
};

struct au_places *
au_places_new(void)
{
	return au_xcalloc(1, sizeof(struct au_places));
}

void
au_places_clear(struct au_places *places)
{
	for (size_t i = 0; i < TABLES; i++)
		free(places->tables[i].places);
	memset(places->tables, 0, sizeof places->tables);
}

void
au_places_free(struct au_places *places)
{
	if (places == NULL)
		return;
	au_places_clear(places);
	free(places);
}

void
au_places_begin(struct au_places *places, uint64_t first)
{
	places->first = first;
}

/* ---- one table ---- */

/* The eight bits of the hash that tell the table, and those that tell the place in it, are others. */
static size_t
table_of(uint64_t hash)
{
	return hash >> 56;
}

static uint32_t
home_of(const struct table *table, uint32_t hash)
{
	return (uint32_t)((uint64_t)hash * table->count >> 32);
}

static uint32_t
next(const struct table *table, uint32_t i)
{
	return i + 1 < table->count ? i + 1 : 0;
}

static bool
is_there(const struct au_places *places, const struct au_place *place)
{
	return place->at != 0 && place->at >= places->first;
}

static void
put(const struct au_places *places, struct table *table, const struct au_place *place)
{
	uint32_t i = home_of(table, place->hash);

	while (table->places[i].size != 0 && is_there(places, &table->places[i]))
		i = next(table, i);
	table->taken += table->places[i].size == 0;
	table->places[i] = *place;
}

/* Without what is gone, and half as large again as what is left. */
static void
rebuild(const struct au_places *places, struct table *table)
{
	struct table old = *table;
	uint32_t left = 0;

	for (uint32_t i = 0; i < old.count; i++)
		left += is_there(places, &old.places[i]);
	table->count = left + left / 2 + SPARE;
	table->taken = 0;
	table->places = au_xcalloc(table->count, sizeof *table->places);
	for (uint32_t i = 0; i < old.count; i++)
		if (is_there(places, &old.places[i]))
			put(places, table, &old.places[i]);
	free(old.places);
}

/* ---- all of them ---- */

const struct au_place *
au_places_find(const struct au_places *places, uint64_t hash, const struct au_place *after)
{
	const struct table *table = &places->tables[table_of(hash)];
	uint32_t i;

	if (table->count == 0)
		return NULL;
	i = after != NULL ? next(table, (uint32_t)(after - table->places)) : home_of(table, (uint32_t)hash);
	for (; table->places[i].size != 0; i = next(table, i))
		if (table->places[i].hash == (uint32_t)hash && is_there(places, &table->places[i]))
			return &table->places[i];
	return NULL;
}

void
au_places_add(struct au_places *places, uint64_t hash, uint64_t at, uint32_t size)
{
	struct table *table = &places->tables[table_of(hash)];
	struct au_place place = { .at = at, .hash = (uint32_t)hash, .size = size };

	/* a fifth stays free, so a search ends soon */
	if (table->taken >= table->count - table->count / 5)
		rebuild(places, table);
	put(places, table, &place);
}

void
au_places_remove(struct au_places *places, uint64_t hash)
{
	struct table *table = &places->tables[table_of(hash)];
	const struct au_place *place;

	while ((place = au_places_find(places, hash, NULL)) != NULL)
		table->places[place - table->places].at = 0;
}
