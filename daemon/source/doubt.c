/* SPDX-License-Identifier: ISC */
/* The window slides by halves: what was gone in the older one counts as much as of it still lies within. */
#include "source/doubt.h"

#include "base/clock.h"
#include "base/str.h"
#include "model/dn.h"
#include "source/trail.h"
#include "store/reading.h"

#include <string.h>

const enum au_entry_kind au_search_kinds[AU_SEARCHES] = {
	[AU_SEARCH_PEOPLE] = AU_ENTRY_PERSON,
	[AU_SEARCH_GROUPS] = AU_ENTRY_GROUP,
};

int
au_doubt_fall(struct au_apply *apply, enum au_search which, enum au_doubt doubt, long long doomed, long long before,
    struct au_err *err)
{
	struct au_search_now *search = &apply->now->searches[which];

	/* Only a person lifts that one. */
	if (search->doubt != AU_DOUBT_AGE)
		search->doubt = doubt;
	search->doomed = doomed;
	search->before = before;
	int rc = au_store_cookie_put(apply->tx, apply->source, au_search_name(which), NULL, err);
	return rc < 0 ? rc : au_trail_search(apply, "source.suspect", which, "would_go", doomed, err);
}

int
au_doubt_show(struct au_apply *apply, enum au_search which, const char *const *ids, size_t count, struct au_err *err)
{
	const struct au_search_now *search = &apply->now->searches[which];
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < count && i < AU_DOUBT_SHOWN; i++)
		rc = au_store_missing_put(apply->tx, apply->source, au_search_name(which), ids[i], "", search->proved,
		    search->generation, err);
	return rc;
}

static struct au_bleed *
bleed_of(struct au_apply *apply, enum au_search which, enum au_lot lot)
{
	struct au_search_now *search = &apply->now->searches[which];

	return lot == AU_LOT_ENTRIES ? &search->entries : &search->members;
}

static int
count_all(struct au_apply *apply, enum au_search which, enum au_lot lot, long long *ret, struct au_err *err)
{
	long long unknown;

	return lot == AU_LOT_ENTRIES ? au_store_entry_count(apply->tx, apply->source, au_search_kinds[which], ret, err)
				     : au_store_member_totals(apply->tx, apply->source, ret, &unknown, err);
}

/* Begin a new half when the newer one is over.  Only then all are counted. */
static int
roll(struct au_apply *apply, enum au_search which, enum au_lot lot, long long now, struct au_err *err)
{
	struct au_bleed *bleed = bleed_of(apply, which, lot);
	long long half = apply->trust->removals_window / 2, passed = now - bleed->start_ms, before = 0;

	if (passed >= 0 && passed < half)
		return 0;
	int rc = count_all(apply, which, lot, &before, err);
	if (rc == 0)
		*bleed = (struct au_bleed){
			.start_ms = now, .last = passed >= 0 && passed < 2 * half ? bleed->now : 0, .before = before
		};
	return rc;
}

/* Removals that still lie within the window. */
static long long
count_recent(const struct au_bleed *bleed, long long half, long long now)
{
	return bleed->now + bleed->last * (half - (now - bleed->start_ms)) / half;
}

int
au_doubt_bleeds(struct au_apply *apply, enum au_search which, enum au_lot lot, long long gone, struct au_err *err)
{
	struct au_bleed *bleed = bleed_of(apply, which, lot);
	long long now = au_clock_wall_ms();
	int rc = roll(apply, which, lot, now, err);

	if (rc < 0)
		return rc;
	long long recent = count_recent(bleed, apply->trust->removals_window / 2, now) + gone;
	long long before = bleed->before + bleed->last;
	if (au_trust_doubts_members(apply->trust, before, recent))
		return au_doubt_fall(apply, which, AU_DOUBT_BLEED, recent, before, err);
	return 1;
}

int
au_doubt_bled(struct au_apply *apply, enum au_search which, enum au_lot lot, long long gone, struct au_err *err)
{
	int rc = gone > 0 ? roll(apply, which, lot, au_clock_wall_ms(), err) : 0;

	if (rc == 0)
		bleed_of(apply, which, lot)->now += gone;
	return rc;
}

static bool
is_among(const char *id, const char *const *ids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(ids[i], id) == 0)
			return true;
	return false;
}

/* An entry by its id or, where that is none, by its DN.  AU_ENOENT. */
static int
find_canary(struct au_apply *apply, const char *canary, struct au_entry *ret, struct au_err *err)
{
	const char *dn_norm;
	int rc = au_store_entry_get(apply->tx, apply->arena, apply->source, canary, ret, err);

	if (rc != AU_ENOENT || au_dn_normalize(apply->arena, canary, &dn_norm, NULL) < 0)
		return rc;
	return au_store_entry_by_dn(apply->tx, apply->arena, apply->source, dn_norm, ret, err);
}

int
au_doubt_canary(struct au_apply *apply, enum au_search which, const char *const *going, size_t count,
    const char **ret_lost, struct au_err *err)
{
	const json_t *canary;
	struct au_entry entry;
	size_t index;

	*ret_lost = NULL;
	json_array_foreach (apply->trust->canaries[which], index, canary) {
		int rc = find_canary(apply, json_string_value(canary), &entry, err);
		if (rc < 0 && rc != AU_ENOENT)
			return rc;
		if (rc == AU_ENOENT || entry.kind != au_search_kinds[which] || is_among(entry.id, going, count))
			*ret_lost = json_string_value(canary);
	}
	return 0;
}

int
au_doubt_canary_lost(struct au_apply *apply, enum au_search which, struct au_err *err)
{
	long long before = 0;
	int rc = au_store_entry_count(apply->tx, apply->source, au_search_kinds[which], &before, err);

	return rc < 0 ? rc : au_doubt_fall(apply, which, AU_DOUBT_CANARY, 0, before, err);
}
