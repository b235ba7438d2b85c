/* SPDX-License-Identifier: ISC */
/*
 * Where things lie in a log, by the hash of their keys: 16 bytes for each, and some 22 with the places that are free.
 * Keys are not kept, so whoever looks here has to compare at the place.
 *
 * What lies before the log's beginning is gone without being taken out of here.
 */
#ifndef SCIM_PLACES_H
#define SCIM_PLACES_H

#include <stddef.h>
#include <stdint.h>

struct au_places;

struct au_place {
	uint64_t at;   /* in the log, more than 0 */
	uint32_t hash; /* part of it */
	uint32_t size; /* more than 0 */
};

struct au_places *au_places_new(void);
void au_places_free(struct au_places *places); /* NULL is fine */
void au_places_clear(struct au_places *places);
/* The log begins at `first` now. */
void au_places_begin(struct au_places *places, uint64_t first);

/* The first place of the hash, or the next one after `after`; NULL at the end.  Good until something is added. */
const struct au_place *au_places_find(const struct au_places *places, uint64_t hash, const struct au_place *after);
void au_places_add(struct au_places *places, uint64_t hash, uint64_t at, uint32_t size);
/* Forget all places of the hash. */
void au_places_remove(struct au_places *places, uint64_t hash);

#endif
