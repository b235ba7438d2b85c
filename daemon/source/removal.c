/* SPDX-License-Identifier: ISC */
/* A batch's removals are judged together, so that a flood of them does not slip through in part. */
#include "source/removal.h"

#include "source/doubt.h"
#include "source/members.h"
#include "source/seen.h"
#include "source/surprise.h"
#include "source/trail.h"

int
au_removal_is_held(
    struct au_apply *apply, enum au_search which, const char *id, struct au_entry *ret, struct au_err *err)
{
	int rc = au_store_entry_get(apply->tx, apply->arena, apply->source, id, ret, err);

	if (rc == AU_ENOENT)
		return 0;
	return rc < 0 ? rc : ret->kind == au_search_kinds[which];
}

int
au_removal_entry(struct au_apply *apply, enum au_search which, const char *id, struct au_err *err)
{
	struct au_entry entry;
	int rc = au_removal_is_held(apply, which, id, &entry, err);

	if (rc <= 0)
		return rc;
	au_seen_forget(apply, id);
	au_surprise_told(apply, which, id);
	rc = au_members_remove_entry(apply, id, NULL, err);
	if (rc == 0)
		rc = au_trail_entry(apply, "entry.remove", &entry, err);
	apply->changed = true;
	return rc < 0 ? rc : 1;
}

static void
free_map(struct au_map **map)
{
	au_map_free(*map, NULL);
}

/* Ids that stay named: an entry that left and came back in the same batch is there. */
static int
gather_ids(const struct au_unit *unit, struct au_map *ids, struct au_err *err)
{
	struct au_unit_cursor cursor = { 0 };
	struct au_source_change change;
	int rc;

	while ((rc = au_unit_next(unit, &cursor, &change, err)) > 0) {
		if (change.op == AU_CHANGE_PUT)
			au_map_remove(ids, change.entry.id);
		if (change.op == AU_CHANGE_DELETE)
			au_map_put(ids, change.text, (void *)(uintptr_t)change.text);
	}
	return rc;
}

int
au_removal_named(
    struct au_apply *apply, const struct au_unit *unit, const char ***ret_ids, size_t *ret_count, struct au_err *err)
{
	AU_CLEANUP(free_map) struct au_map *named = au_map_new();
	size_t count = 0;
	const char **ids = au_arena_alloc(apply->arena, (unit->progress.named + 1) * sizeof(*ids)), *key;
	int rc = unit->progress.named > 0 ? gather_ids(unit, named, err) : 0;
	struct au_entry entry;
	void *id;

	for (size_t cursor = 0; rc == 0 && au_map_next(named, &cursor, &key, &id);) {
		int held = au_removal_is_held(apply, unit->last.search, id, &entry, err);
		if (held == 1)
			ids[count++] = id;
		rc = held < 0 ? held : 0;
	}
	*ret_ids = ids;
	*ret_count = count;
	return rc;
}

/* A reading under way may have seen them before: they count as not seen, so that it does not take them for there. */
static int
unsee(struct au_apply *apply, enum au_search which, const char *const *ids, size_t count, struct au_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = au_seen_mark(apply, which, ids[i], false, err);
	return rc;
}

int
au_removal_pushed(struct au_apply *apply, const struct au_unit *unit, struct au_err *err)
{
	enum au_search which = unit->last.search;
	const struct au_search_now *search = &apply->now->searches[which];
	const char **ids;
	size_t count;
	int rc = au_removal_named(apply, unit, &ids, &count, err);

	if (rc < 0 || count == 0)
		return rc;
	if (!au_reading_is_suspect(search)) {
		rc = au_doubt_bleeds(apply, which, AU_LOT_ENTRIES, (long long)count, err);
		if (rc == 0)
			rc = au_doubt_show(apply, which, ids, count, err);
	}
	if (rc == 0)
		return unsee(apply, which, ids, count, err);
	for (size_t i = 0; rc > 0 && i < count; i++) {
		rc = au_removal_entry(apply, which, ids[i], err);
		rc = rc < 0 ? rc : 1;
	}
	return rc < 0 ? rc : au_doubt_bled(apply, which, AU_LOT_ENTRIES, (long long)count, err);
}
