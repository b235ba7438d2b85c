/* SPDX-License-Identifier: ISC */
/*
 * Loading goes by slices, so that whoever else wants to write waits for one of them at most.  Between two readings a
 * table rests: what is put meanwhile is written to it too, and that is all.
 */
#include "source/seen.h"

#include "base/roster.h"
#include "source/doubt.h"

#include <string.h>

#define SLICE 20000

/* What is known of one entry. */
struct known {
	unsigned char digest[AU_ENTRY_DIGEST];
	long long num;
	bool is_seen;
};

struct au_seen {
	struct au_roster *entries; /* by id */
	long long generation, last_num;
	size_t loaded; /* of the slice under way */
	bool is_loaded, has_marks, is_resting;
};

/* That of the reading under way. */
static struct au_seen *
table_of(const struct au_apply *apply, enum au_search which)
{
	struct au_seen *seen = apply->seen[which];

	return seen != NULL && !seen->is_resting ? seen : NULL;
}

void
au_seen_free(struct au_seen *seen)
{
	if (seen == NULL)
		return;
	au_roster_free(seen->entries);
	free(seen);
}

static void
forget(struct au_apply *apply, enum au_search which)
{
	au_seen_free(apply->seen[which]);
	apply->seen[which] = NULL;
}

void
au_seen_end(struct au_apply *apply, enum au_search which)
{
	struct au_seen *seen = apply->seen[which];

	if (seen == NULL)
		return;
	seen->is_resting = seen->is_loaded && (long long)au_roster_bytes(seen->entries) <= apply->trust->held_memory;
	if (!seen->is_resting)
		forget(apply, which);
}

static void
begin_anew(struct au_apply *apply, enum au_search which, bool has_marks)
{
	struct au_seen *seen = au_xcalloc(1, sizeof(*seen));

	forget(apply, which);
	*seen = (struct au_seen){ .entries = au_roster_new(sizeof(struct known)), .has_marks = has_marks };
	apply->seen[which] = seen;
}

static void
wake(struct au_seen *seen)
{
	struct known *known;
	size_t cursor = 0;

	seen->is_resting = false;
	while ((known = au_roster_next(seen->entries, &cursor)) != NULL)
		known->is_seen = false;
}

void
au_seen_begin(struct au_apply *apply, enum au_search which, enum au_seen_from from)
{
	if (from == AU_SEEN_FROM_MEMORY && apply->seen[which] != NULL)
		wake(apply->seen[which]);
	else
		begin_anew(apply, which, from == AU_SEEN_FROM_MARKS);
	apply->seen[which]->generation = apply->now->searches[which].generation;
}

bool
au_seen_is_begun(const struct au_apply *apply, enum au_search which)
{
	return table_of(apply, which) != NULL;
}

static void
know(struct known *known, const struct au_entry_held *held, bool is_seen)
{
	memcpy(known->digest, held->digest, sizeof(known->digest));
	known->num = held->num;
	known->is_seen = is_seen;
}

static void
load_one(void *ctx, const char *id, const struct au_entry_held *held)
{
	struct au_seen *seen = ctx;

	know(au_roster_append(seen->entries, id), held, held->generation == seen->generation);
	seen->last_num = held->num;
	seen->loaded++;
}

int
au_seen_load(struct au_apply *apply, enum au_search which, struct au_err *err)
{
	struct au_seen *seen = table_of(apply, which);

	if (seen == NULL || seen->is_loaded)
		return 1;
	seen->loaded = 0;
	int rc = au_store_entry_from(apply->tx, apply->source, au_search_kinds[which], seen->last_num, SLICE,
	    seen->has_marks, load_one, seen, err);
	if (rc < 0)
		return rc;
	seen->is_loaded = seen->loaded < SLICE;
	return seen->is_loaded;
}

/* Whether it is stated as it is held; then it is seen. */
static bool
is_same(struct au_seen *seen, const struct au_entry *entry, const char *dn_norm, bool is_seen, bool *ret_is_known)
{
	unsigned char digest[AU_ENTRY_DIGEST];
	struct known *known = au_roster_get(seen->entries, entry->id);

	*ret_is_known = known != NULL;
	if (known == NULL)
		return false;
	au_store_entry_digest(entry, dn_norm, digest);
	if (memcmp(known->digest, digest, sizeof(digest)) != 0)
		return false;
	known->is_seen |= is_seen;
	return true;
}

/* Somebody was written.  Of a table that is loaded in part, he may be in the rest. */
static void
note(struct au_seen *seen, const char *id, const struct au_entry_held *held, bool is_seen)
{
	bool is_new;
	struct known *known =
	    seen->is_loaded ? au_roster_put(seen->entries, id, &is_new) : au_roster_get(seen->entries, id);

	if (known != NULL)
		know(known, held, is_seen || known->is_seen);
}

/* In the table of his search, be it at rest, and in no other. */
static void
note_put(struct au_apply *apply, enum au_search which, const char *id, const struct au_entry_held *held, bool is_seen)
{
	for (int i = 0; i < AU_SEARCHES; i++) {
		if (apply->seen[i] == NULL)
			continue;
		if (i == (int)which)
			note(apply->seen[i], id, held, is_seen);
		else
			au_roster_remove(apply->seen[i]->entries, id);
	}
}

int
au_seen_put(struct au_apply *apply, enum au_search which, const struct au_entry *entry, const char *dn_norm,
    bool is_seen, enum au_seen_change *ret, struct au_err *err)
{
	struct au_seen *seen = table_of(apply, which);
	long long generation = is_seen && seen == NULL ? apply->now->searches[which].generation : 0;
	struct au_entry_held held;
	bool is_known = true, is_new = false, changed = false;
	int rc = 0;

	*ret = AU_SEEN_SAME;
	if (seen != NULL && is_same(seen, entry, dn_norm, is_seen, &is_known))
		return 0;
	/* Of this search; one of another kind may be there. */
	if (!is_known && seen->is_loaded)
		rc = au_store_entry_add(apply->tx, entry, dn_norm, &held, &is_new, err);
	if (rc == 0 && !is_new)
		rc = au_store_entry_take(apply->tx, entry, dn_norm, generation, &held, &is_new, &changed, err);
	if (rc < 0)
		return rc;
	note_put(apply, which, entry->id, &held, is_seen);
	if (is_new)
		*ret = AU_SEEN_NEW;
	else if (changed)
		*ret = held.is_moved ? AU_SEEN_MOVED : AU_SEEN_CHANGED;
	return 0;
}

int
au_seen_mark(struct au_apply *apply, enum au_search which, const char *id, bool is_seen, struct au_err *err)
{
	struct au_seen *seen = table_of(apply, which);

	if (seen == NULL)
		return au_store_entry_mark(
		    apply->tx, apply->source, id, is_seen ? apply->now->searches[which].generation : 0, err);
	struct known *known = au_roster_get(seen->entries, id);
	if (known == NULL)
		return au_fail(err, AU_ENOENT, "entry '%s': not found", id);
	known->is_seen = is_seen;
	return 0;
}

static int
by_num(const void *a, const void *b)
{
	long long x = *(const long long *)a, y = *(const long long *)b;

	return (x > y) - (x < y);
}

int
au_seen_rest(struct au_apply *apply, enum au_search which, const char ***ret_ids, size_t *ret_count, struct au_err *err)
{
	struct au_seen *seen = table_of(apply, which);
	size_t count = 0, cursor = 0;
	const struct known *known;
	int rc = 0;

	if (seen == NULL)
		return au_store_entry_unseen(apply->tx, apply->arena, apply->source, au_search_kinds[which],
		    apply->now->searches[which].generation, ret_ids, ret_count, err);
	AU_CLEANUP(au_freep) long long *nums = au_xcalloc(au_roster_count(seen->entries) + 1, sizeof(*nums));
	while ((known = au_roster_next(seen->entries, &cursor)) != NULL)
		if (!known->is_seen)
			nums[count++] = known->num;
	qsort(nums, count, sizeof(*nums), by_num);
	const char **ids = au_arena_alloc(apply->arena, (count + 1) * sizeof(*ids));
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = au_store_entry_id(apply->tx, apply->arena, nums[i], &ids[i], err);
	if (rc < 0)
		return rc;
	*ret_ids = ids;
	*ret_count = count;
	return 0;
}

void
au_seen_forget(struct au_apply *apply, const char *id)
{
	for (int i = 0; i < AU_SEARCHES; i++)
		if (apply->seen[i] != NULL)
			au_roster_remove(apply->seen[i]->entries, id);
}
