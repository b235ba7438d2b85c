/* SPDX-License-Identifier: ISC */
/*
 * A batch is applied whole or not at all.  What a reading did not see is removed
 * only at its good end, together with what the directory named as removed, and
 * only if the sum is plausible or a person has said so.
 */
#include "source/apply.h"

#include "base/clock.h"
#include "source/members.h"
#include "source/trail.h"
#include "source/verdict.h"

static const enum au_entry_kind kinds[AU_SEARCHES] = {
	[AU_SEARCH_PEOPLE] = AU_ENTRY_PERSON,
	[AU_SEARCH_GROUPS] = AU_ENTRY_GROUP,
};

/* Ids that are to go at the end of a reading. */
struct doomed {
	const char **ids;
	size_t count;
};

static struct au_search_now *
search_of(struct au_apply *apply, const struct au_unit *unit)
{
	return &apply->now->searches[unit->last.search];
}

static struct au_reading_now *
reading_of(struct au_apply *apply, const struct au_unit *unit)
{
	struct au_search_now *search = search_of(apply, unit);

	return unit->last.compare ? &search->compare : &search->pushed;
}

static bool
is_import(const struct au_search_now *search)
{
	return search->whole_ms == 0;
}

/* A difference that nobody was told of, found by comparing, is drift. */
static void
note(struct au_apply *apply, const struct au_unit *unit)
{
	apply->changed = true;
	if (unit->last.compare)
		reading_of(apply, unit)->found++;
}

/* An entry as the source's process wrote it, named as ours.  Text points into json. */
static int
read_entry(struct au_apply *apply, const json_t *json, struct au_entry *ret, struct au_err *err)
{
	struct au_entry entry;

	if (au_entry_from_json(json, &entry, err) < 0)
		return AU_EPROTO;
	entry.source = apply->source;
	entry.key = NULL;
	if (entry.kind == AU_ENTRY_PERSON)
		entry.key = au_entry_key(apply->arena, apply->source, entry.id, entry.mail);
	*ret = entry;
	return 0;
}

/* ---- groups ---- */

/* The members that follow a group; the cursor stands behind its PUT. */
static int
gather_members(struct au_apply *apply, const struct au_unit *unit, struct au_unit_cursor *cursor,
    struct au_member_list *list, struct au_err *err)
{
	struct au_source_change more;

	while (au_unit_has_members(unit, cursor)) {
		if (au_unit_next(unit, cursor, &more, err) < 0)
			return AU_EPROTO;
		au_member_list_add(list, apply->arena, more.list);
	}
	return 0;
}

static int
ask_all(struct au_apply *apply, const struct au_unit *unit, struct au_err *err)
{
	struct au_unit_cursor cursor = { 0, 0 };
	struct au_source_change change;
	int rc;

	while ((rc = au_unit_next(unit, &cursor, &change, err)) > 0) {
		struct au_member_list list = { 0 };
		struct au_entry group;
		if (change.op != AU_CHANGE_PUT)
			continue;
		if (read_entry(apply, change.entry, &group, err) < 0 ||
		    gather_members(apply, unit, &cursor, &list, err) < 0)
			return AU_EPROTO;
		rc = au_members_ask(apply, group.id, &list, err);
		if (rc < 0)
			return rc;
	}
	return rc;
}

/* ---- entries ---- */

static int
put_entry(struct au_apply *apply, const struct au_unit *unit, const struct au_entry *entry, const char *dn_norm,
    struct au_err *err)
{
	struct au_search_now *search = search_of(apply, unit);
	bool changed = false;

	if (entry->kind != kinds[unit->last.search])
		return au_fail(err, AU_EPROTO, "entry '%s': of the wrong kind", entry->id);
	int rc = au_store_entry_mark(apply->tx, apply->source, entry->id, search->generation, err);
	bool is_new = rc == AU_ENOENT;
	if (rc < 0 && !is_new)
		return rc;
	rc = au_store_entry_put(apply->tx, entry, dn_norm, search->generation, &changed, err);
	if (rc < 0 || !changed)
		return rc;
	note(apply, unit);
	if (is_import(search)) {
		search->imported++;
		return 0;
	}
	if (is_new)
		rc = au_members_doubt(apply, entry->id, err);
	return rc < 0 ? rc : au_trail_entry(apply, is_new ? "entry.add" : "entry.change", entry, err);
}

static int
put(struct au_apply *apply, const struct au_unit *unit, struct au_unit_cursor *cursor,
    const struct au_source_change *change, struct au_err *err)
{
	struct au_member_list list = { 0 };
	struct au_entry entry;
	bool changed = false;

	if (read_entry(apply, change->entry, &entry, err) < 0)
		return AU_EPROTO;
	int rc = put_entry(apply, unit, &entry, change->dn_norm, err);
	if (rc < 0 || unit->last.search != AU_SEARCH_GROUPS)
		return rc;
	rc = gather_members(apply, unit, cursor, &list, err);
	if (rc == 0)
		rc = au_members_set(apply, entry.id, &list, &changed, err);
	if (rc == 0 && changed)
		note(apply, unit);
	return rc;
}

static int
mark_present(struct au_apply *apply, const struct au_unit *unit, const json_t *ids, struct au_err *err)
{
	struct au_search_now *search = search_of(apply, unit);
	const json_t *id;
	size_t index;

	json_array_foreach (ids, index, id) {
		int rc = au_store_entry_mark(apply->tx, apply->source, json_string_value(id), search->generation, err);
		if (rc == AU_ENOENT)
			au_reading_pin(search); /* the directory counts on an entry that we do not have */
		else if (rc < 0)
			return rc;
	}
	return 0;
}

/*
 * 1 when we have an entry of this search, else 0.  Servers name entries that we never saw; and entries of the other
 * search that changed: seen from this one, they are not (any more) among what it finds.
 */
static int
is_held(struct au_apply *apply, const struct au_unit *unit, const char *id, struct au_entry *entry, struct au_err *err)
{
	int rc = au_store_entry_get(apply->tx, apply->arena, apply->source, id, entry, err);

	if (rc == AU_ENOENT)
		return 0;
	return rc < 0 ? rc : entry->kind == kinds[unit->last.search];
}

static int
remove_entry(struct au_apply *apply, const struct au_unit *unit, const char *id, struct au_err *err)
{
	struct au_entry entry;
	int rc = is_held(apply, unit, id, &entry, err);

	if (rc <= 0)
		return rc;
	rc = au_members_remove_entry(apply, id, NULL, err);
	if (rc == 0)
		rc = au_trail_entry(apply, "entry.remove", &entry, err);
	if (rc == 0)
		note(apply, unit);
	return rc;
}

/* Pushed removals.  While the search is in doubt its removals wait for the reading that lifts the doubt. */
static int
remove_pushed(struct au_apply *apply, const struct au_unit *unit, const json_t *ids, struct au_err *err)
{
	const json_t *id;
	size_t index;

	if (au_reading_is_suspect(search_of(apply, unit)))
		return 0;
	json_array_foreach (ids, index, id) {
		int rc = remove_entry(apply, unit, json_string_value(id), err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int
apply_change(struct au_apply *apply, const struct au_unit *unit, struct au_unit_cursor *cursor,
    struct au_source_change *change, struct au_err *err)
{
	switch (change->op) {
	case AU_CHANGE_PUT:
		return put(apply, unit, cursor, change, err);
	case AU_CHANGE_PRESENT:
		return mark_present(apply, unit, change->list, err);
	case AU_CHANGE_DELETE:
		/* Those that come with the end of a reading are judged with it. */
		return unit->last.step == AU_STEP_NONE ? remove_pushed(apply, unit, change->list, err) : 0;
	case AU_CHANGE_MEMBERS:
		break;
	}
	return au_fail(err, AU_EPROTO, "members without a group");
}

static int
apply_changes(struct au_apply *apply, const struct au_unit *unit, struct au_err *err)
{
	struct au_unit_cursor cursor = { 0, 0 };
	struct au_source_change change;
	int rc;

	while ((rc = au_unit_next(unit, &cursor, &change, err)) > 0) {
		rc = apply_change(apply, unit, &cursor, &change, err);
		if (rc < 0)
			return rc;
	}
	return rc;
}

/* People that look-ups found under a DN that was new to us: their own search will tell the same a little later. */
static int
put_answers(struct au_apply *apply, struct au_err *err)
{
	size_t cursor = 0;
	const char *dn;
	void *value;

	while (au_map_next(apply->answers, &cursor, &dn, &value)) {
		const struct au_answer_to *answer = value;
		struct au_source_resolved found;
		struct au_entry entry;
		bool changed = false;
		if (answer->verdict != AU_LOOKUP_FOUND)
			continue;
		if (au_source_resolved_from_json(answer->message, &found, err) < 0 ||
		    read_entry(apply, found.entry, &entry, err) < 0)
			return AU_EPROTO;
		int rc = au_store_entry_put(apply->tx, &entry, found.dn_norm, 0, &changed, err);
		if (rc == 0 && changed)
			rc = au_trail_entry(apply, "entry.change", &entry, err);
		if (rc < 0)
			return rc;
		apply->changed |= changed;
	}
	return 0;
}

/* ---- readings ---- */

static int
begin(struct au_apply *apply, const struct au_unit *unit, struct au_err *err)
{
	struct au_search_now *search = search_of(apply, unit);
	struct au_reading_now *reading = reading_of(apply, unit);

	*reading = (struct au_reading_now){ .kind = unit->last.reading, .is_open = true, .held = unit->last.held };
	search->generation = ++apply->now->generation;
	/* Until it has ended well, nothing but a whole reading may come after a whole reading. */
	if (reading->kind == AU_READING_WHOLE)
		return au_store_cookie_put(apply->tx, apply->source, au_search_name(unit->last.search), NULL, err);
	return 0;
}

static bool
is_whole(const struct au_reading_now *reading)
{
	return reading->kind == AU_READING_WHOLE || reading->kind == AU_READING_COMPARE;
}

static size_t
count_named(const struct au_unit *unit)
{
	struct au_unit_cursor cursor = { 0, 0 };
	struct au_source_change change;
	size_t count = 0;

	while (au_unit_next(unit, &cursor, &change, NULL) > 0)
		count += change.op == AU_CHANGE_DELETE ? json_array_size(change.list) : 0;
	return count;
}

/* The ids that the batch names as removed, as far as we have them. */
static int
gather_named(struct au_apply *apply, const struct au_unit *unit, struct doomed *doomed, struct au_err *err)
{
	struct au_unit_cursor cursor = { 0, 0 };
	struct au_source_change change;
	struct au_entry entry;
	const json_t *id;
	size_t index;
	int rc;

	doomed->ids = au_arena_alloc(apply->arena, (count_named(unit) + 1) * sizeof(*doomed->ids));
	while ((rc = au_unit_next(unit, &cursor, &change, err)) > 0) {
		if (change.op != AU_CHANGE_DELETE)
			continue;
		json_array_foreach (change.list, index, id) {
			rc = is_held(apply, unit, json_string_value(id), &entry, err);
			if (rc < 0)
				return rc;
			if (rc == 1)
				doomed->ids[doomed->count++] = json_string_value(id);
		}
	}
	return rc;
}

/* When what was not seen is gone, what was named as removed counts as not seen. */
static int
gather_doomed(struct au_apply *apply, const struct au_unit *unit, struct doomed *doomed, struct au_err *err)
{
	int rc = gather_named(apply, unit, doomed, err);

	if (rc < 0 || unit->last.step != AU_STEP_SWEEP)
		return rc;
	for (size_t i = 0; rc == 0 && i < doomed->count; i++)
		rc = au_store_entry_mark(apply->tx, apply->source, doomed->ids[i], 0, err);
	return rc < 0 ? rc
		      : au_store_entry_unseen(apply->tx, apply->arena, apply->source, kinds[unit->last.search],
			    search_of(apply, unit)->generation, &doomed->ids, &doomed->count, err);
}

static int
become_suspect(struct au_apply *apply, const struct au_unit *unit, long long before, long long gone, struct au_err *err)
{
	struct au_search_now *search = search_of(apply, unit);

	search->before = before;
	search->doomed = gone;
	if (reading_of(apply, unit)->held)
		search->held = 1;
	int rc = au_store_cookie_put(apply->tx, apply->source, au_search_name(unit->last.search), NULL, err);
	return rc < 0 ? rc : au_trail_search(apply, "source.suspect", unit->last.search, "would_go", gone, err);
}

static int
remove_doomed(struct au_apply *apply, const struct au_unit *unit, const struct doomed *doomed, struct au_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < doomed->count; i++)
		rc = remove_entry(apply, unit, doomed->ids[i], err);
	return rc;
}

/* What a good end means besides removals. */
static int
settle(struct au_apply *apply, const struct au_unit *unit, struct au_err *err)
{
	struct au_search_now *search = search_of(apply, unit);
	struct au_reading_now *reading = reading_of(apply, unit);
	int rc = 0;

	if (reading->kind == AU_READING_COMPARE && !au_reading_is_suspect(search) && reading->found > 0) {
		apply->now->drift += reading->found;
		rc = au_trail_search(apply, "source.drift", unit->last.search, "differences", reading->found, err);
	}
	if (is_whole(reading) && is_import(search) && rc == 0)
		rc = au_trail_search(apply, "source.import", unit->last.search, "entries", search->imported, err);
	if (is_whole(reading)) {
		search->whole_ms = au_clock_wall_ms();
		search->imported = 0;
		search->is_pinned = search->is_pinned && search->pinned_at >= search->generation;
	}
	search->doomed = search->before = search->held = 0;
	reading->is_open = false;
	return rc;
}

static int
end(struct au_apply *apply, const struct au_unit *unit, struct au_err *err)
{
	enum au_search which = unit->last.search;
	struct au_search_now *search = search_of(apply, unit);
	struct au_reading_now *reading = reading_of(apply, unit);
	struct doomed doomed = { NULL, 0 };
	long long before = 0;

	if (!reading->is_open)
		return au_fail(err, AU_EPROTO, "%s: a reading ends that did not begin", au_search_name(which));
	int rc = gather_doomed(apply, unit, &doomed, err);
	if (rc == 0)
		rc = au_store_entry_count(apply->tx, apply->source, kinds[which], &before, err);
	if (rc < 0)
		return rc;
	long long gone = (long long)doomed.count;
	bool is_doubtful = (gone > 0 && (reading->held || search->held)) || au_verdict_is_implausible(before, gone);
	if (is_doubtful && !(apply->is_approved[which] && is_whole(reading))) {
		reading->is_open = false;
		return become_suspect(apply, unit, before, gone, err);
	}
	/* A reading from a cookie says nothing about what was in doubt before it. */
	if (au_reading_is_suspect(search) && !is_whole(reading)) {
		reading->is_open = false;
		return 0;
	}
	rc = remove_doomed(apply, unit, &doomed, err);
	if (rc == 0)
		rc = settle(apply, unit, err);
	if (rc == 0 && is_whole(reading))
		apply->used_approval[which] = apply->is_approved[which];
	return rc;
}

static int
store_cookie(struct au_apply *apply, const struct au_unit *unit, struct au_err *err)
{
	const struct au_search_now *search = search_of(apply, unit);

	if (unit->last.cookie == NULL || unit->last.compare || au_reading_is_suspect(search) || search->is_pinned ||
	    search->pushed.is_open)
		return 0;
	return au_store_cookie_put(apply->tx, apply->source, au_search_name(unit->last.search), unit->last.cookie, err);
}

int
au_apply_unit(struct au_apply *apply, const struct au_unit *unit, struct au_err *err)
{
	int rc = 0;

	if (unit->last.search == AU_SEARCH_GROUPS && !is_import(search_of(apply, unit))) {
		rc = ask_all(apply, unit, err);
		if (rc == 0 && apply->question_count > 0)
			return 0;
		if (rc == 0)
			rc = put_answers(apply, err);
	}
	if (rc == 0 && unit->last.step == AU_STEP_BEGIN)
		rc = begin(apply, unit, err);
	if (rc == 0)
		rc = apply_changes(apply, unit, err);
	if (rc == 0 && (unit->last.step == AU_STEP_KEEP || unit->last.step == AU_STEP_SWEEP))
		rc = end(apply, unit, err);
	/* A reading broken off stays open: only a later one that ends well closes it.  A comparing one decided nothing.
	 */
	if (rc == 0 && unit->last.step == AU_STEP_VOID && unit->last.compare)
		reading_of(apply, unit)->is_open = false;
	if (rc == 0)
		rc = store_cookie(apply, unit, err);
	return rc < 0 ? rc : 1;
}
