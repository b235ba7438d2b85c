/* SPDX-License-Identifier: ISC */
/*
 * Of a batch, entries and members come first, then its removals as one
 * (removal.h), or the end of a reading (ending.h), and with that its cookie.  As
 * a rule that is one transaction; only the members of a large group take several
 * (muster.h), and an end that removes many (ending.h).  What was not reached is
 * told again.
 */
#include "source/apply.h"

#include "model/ref.h"
#include "source/delta.h"
#include "source/doubt.h"
#include "source/ending.h"
#include "source/expiry.h"
#include "source/muster.h"
#include "source/removal.h"
#include "source/seen.h"
#include "source/surprise.h"
#include "source/trail.h"
#include "store/owner.h"

#include <string.h>

#define MANY 16384 /* bytes of records */

static struct au_search_now *
search_of(struct au_apply *apply, const struct au_unit *unit)
{
	return &apply->now->searches[unit->last.search];
}

struct au_reading_now *
au_apply_reading(struct au_apply *apply, const struct au_unit *unit)
{
	struct au_search_now *search = search_of(apply, unit);

	return unit->last.compare ? &search->compare : &search->pushed;
}

static bool
is_import(const struct au_search_now *search)
{
	return search->whole_ms == 0;
}

static void
note(struct au_apply *apply, const struct au_unit *unit, const char *id)
{
	apply->changed = true;
	if (unit->last.compare)
		au_surprise_note(apply, unit->last.search, id);
}

/* An entry as the source's process wrote it, named as ours. */
static struct au_entry
our_entry(struct au_apply *apply, const struct au_entry *reported)
{
	struct au_entry entry = *reported;

	entry.source = apply->source;
	entry.key = NULL;
	if (entry.kind == AU_ENTRY_PERSON)
		entry.key = au_entry_key(apply->arena, apply->source, entry.id, entry.mail);
	au_expiry_settle(&entry);
	return entry;
}

/* ---- groups ---- */

/* The changes of one kind that come next are names. */
static int
gather_names(struct au_apply *apply, const struct au_unit *unit, struct au_unit_cursor *cursor, enum au_change_op op,
    struct au_member_list *list, struct au_err *err)
{
	struct au_source_change more;

	while (au_unit_is_next(unit, cursor, op)) {
		if (au_unit_next(unit, cursor, &more, err) < 0)
			return AU_EPROTO;
		au_member_list_add(list, apply->arena, more.text);
	}
	return 0;
}

/* Take the word on what kind of list follows, which names the group once more. */
static int
take_head(const struct au_unit *unit, struct au_unit_cursor *cursor, const char *group_id, struct au_err *err)
{
	struct au_source_change head;

	if (au_unit_next(unit, cursor, &head, err) < 0)
		return AU_EPROTO;
	if (strcmp(head.text, group_id) != 0)
		return au_fail(
		    err, AU_EPROTO, "group '%s': what follows is said to be that of '%s'", group_id, head.text);
	return 0;
}

/* The list that follows the group's PUT, behind the cursor. */
static int
open_list(const struct au_unit *unit, struct au_unit_cursor *cursor, const char *group_id, struct au_muster **ret,
    struct au_err *err)
{
	bool is_some = au_unit_is_next(unit, cursor, AU_CHANGE_SOME);

	if (is_some && take_head(unit, cursor, group_id, err) < 0)
		return AU_EPROTO;
	*ret = au_muster_new(group_id, unit, cursor, is_some);
	return 0;
}

/* The cursor stands at the REST behind the group's PUT. */
static int
gather_delta(struct au_apply *apply, const struct au_unit *unit, struct au_unit_cursor *cursor, const char *group_id,
    struct au_delta *delta, struct au_err *err)
{
	if (take_head(unit, cursor, group_id, err) < 0)
		return AU_EPROTO;
	int rc = gather_names(apply, unit, cursor, AU_CHANGE_JOIN, &delta->joined, err);
	return rc < 0 ? rc : gather_names(apply, unit, cursor, AU_CHANGE_LEAVE, &delta->left, err);
}

/* What follows the PUT of a group. */
static int
ask_group(struct au_apply *apply, const struct au_unit *unit, struct au_unit_cursor *cursor, const char *group_id,
    struct au_err *err)
{
	AU_CLEANUP(au_muster_freep) struct au_muster *muster = NULL;
	struct au_delta delta = { 0 };

	if (au_unit_is_next(unit, cursor, AU_CHANGE_REST)) {
		int rc = gather_delta(apply, unit, cursor, group_id, &delta, err);
		return rc < 0 ? rc : au_delta_ask(apply, &delta, err);
	}
	int rc = open_list(unit, cursor, group_id, &muster, err);
	return rc < 0 ? rc : au_muster_ask(apply, muster, err);
}

static int
ask_all(struct au_apply *apply, const struct au_unit *unit, struct au_err *err)
{
	struct au_unit_cursor cursor = { 0 };
	struct au_source_change change;
	int rc;

	while ((rc = au_unit_next(unit, &cursor, &change, err)) > 0) {
		if (change.op != AU_CHANGE_PUT)
			continue;
		rc = ask_group(apply, unit, &cursor, change.entry.id, err);
		if (rc < 0)
			return rc;
	}
	return rc;
}

/* ---- entries ---- */

static int
put_entry(struct au_apply *apply, const struct au_unit *unit, const struct au_entry *entry, const char *dn_norm,
    bool *ret_is_new, struct au_err *err)
{
	struct au_search_now *search = search_of(apply, unit);
	enum au_seen_change change;

	if (entry->kind != au_search_kinds[unit->last.search])
		return au_fail(err, AU_EPROTO, "entry '%s': of the wrong kind", entry->id);
	if (!unit->last.compare)
		au_surprise_told(apply, unit->last.search, entry->id);
	int rc = au_seen_put(apply, unit->last.search, entry, dn_norm, true, &change, err);
	apply->budget -= rc == 0 && change != AU_SEEN_SAME ? AU_APPLY_WRITE : 1;
	*ret_is_new = rc == 0 && change == AU_SEEN_NEW;
	if (rc < 0 || change == AU_SEEN_SAME)
		return rc;
	note(apply, unit, entry->id);
	if (is_import(search)) {
		search->imported++;
		return 0;
	}
	rc = au_members_doubt(apply, entry->id, dn_norm, change, err);
	if (rc == 0)
		rc = au_members_tell_rivals(apply, au_ref_of_user_name(apply->arena, entry->user_name), err);
	if (rc == 0 && dn_norm != NULL)
		rc = au_store_owner_doubt(apply->tx, apply->source, dn_norm, err);
	return rc < 0 ? rc : au_trail_entry(apply, change == AU_SEEN_NEW ? "entry.add" : "entry.change", entry, err);
}

static int
put_delta(struct au_apply *apply, struct au_unit *unit, const struct au_entry *group, bool is_new, struct au_err *err)
{
	struct au_delta delta = { 0 };
	bool changed = false;
	int rc = gather_delta(apply, unit, &unit->progress.at, group->id, &delta, err);

	if (rc == 0 && is_new)
		au_delta_refuse(apply, group);
	else if (rc == 0)
		rc = au_delta_apply(apply, group, &delta, &changed, err);
	if (rc == 0 && changed)
		note(apply, unit, group->id);
	return rc;
}

static int
put(struct au_apply *apply, struct au_unit *unit, const struct au_source_change *change, struct au_err *err)
{
	struct au_unit_progress *progress = &unit->progress;
	struct au_entry entry = our_entry(apply, &change->entry);
	bool is_new = false;

	int rc = put_entry(apply, unit, &entry, change->dn_norm, &is_new, err);
	if (rc < 0 || unit->last.search != AU_SEARCH_GROUPS)
		return rc;
	if (au_unit_is_next(unit, &progress->at, AU_CHANGE_REST))
		return put_delta(apply, unit, &entry, is_new, err);
	return open_list(unit, &progress->at, entry.id, &progress->muster, err);
}

/* 1: the group has the members that its list names; 0: in another transaction. */
static int
muster(struct au_apply *apply, struct au_unit *unit, struct au_err *err)
{
	struct au_unit_progress *progress = &unit->progress;
	int rc = au_muster_run(apply, progress->muster, &progress->at, err);

	if (rc <= 0)
		return rc;
	if (au_muster_has_changed(progress->muster))
		note(apply, unit, au_muster_group(progress->muster));
	au_muster_free(progress->muster);
	progress->muster = NULL;
	return 1;
}

static int
mark_present(struct au_apply *apply, const struct au_unit *unit, const char *id, struct au_err *err)
{
	int rc = au_seen_mark(apply, unit->last.search, id, true, err);

	if (rc != AU_ENOENT)
		return rc;
	au_reading_pin(search_of(apply, unit)); /* the directory counts on an entry that we do not have */
	return 0;
}

static int
apply_change(struct au_apply *apply, struct au_unit *unit, const struct au_source_change *change, struct au_err *err)
{
	switch (change->op) {
	case AU_CHANGE_PUT:
		return put(apply, unit, change, err);
	case AU_CHANGE_PRESENT:
		return mark_present(apply, unit, change->text, err);
	case AU_CHANGE_DELETE:
		unit->progress.named++; /* all of the batch are judged together */
		return 0;
	case AU_CHANGE_MEMBER:
	case AU_CHANGE_REST:
	case AU_CHANGE_JOIN:
	case AU_CHANGE_LEAVE:
	case AU_CHANGE_SOME:
		break;
	}
	return au_fail(err, AU_EPROTO, "member without a group");
}

/* 1: all of them. */
static int
apply_changes(struct au_apply *apply, struct au_unit *unit, struct au_err *err)
{
	struct au_unit_progress *progress = &unit->progress;
	struct au_source_change change;

	while (apply->budget > 0) {
		int rc = progress->muster != NULL ? muster(apply, unit, err) : 1;
		if (rc <= 0)
			return rc;
		rc = au_unit_next(unit, &progress->at, &change, err);
		if (rc <= 0)
			return rc < 0 ? rc : 1;
		rc = apply_change(apply, unit, &change, err);
		if (rc < 0)
			return rc;
	}
	return 0;
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
		enum au_seen_change change;
		if (answer->verdict != AU_LOOKUP_FOUND || answer->message == NULL)
			continue;
		if (au_source_resolved_from_json(answer->message, &found, err) < 0 ||
		    au_entry_from_json(found.entry, &entry, err) < 0)
			return AU_EPROTO;
		entry = our_entry(apply, &entry);
		int rc = au_seen_put(apply, AU_SEARCH_PEOPLE, &entry, found.dn_norm, false, &change, err);
		if (rc == 0 && change != AU_SEEN_SAME)
			rc = au_trail_entry(apply, "entry.change", &entry, err);
		if (rc < 0)
			return rc;
		apply->changed |= change != AU_SEEN_SAME;
	}
	apply->put_answers = true;
	return 0;
}

/* ---- readings ---- */

static int
begin(struct au_apply *apply, const struct au_unit *unit, struct au_err *err)
{
	struct au_search_now *search = search_of(apply, unit);
	struct au_reading_now *reading = au_apply_reading(apply, unit);

	*reading = (struct au_reading_now){ .kind = unit->last.reading, .is_open = true, .held = unit->last.held };
	search->generation = reading->generation = ++apply->now->generation;
	apply->reading = reading;
	au_seen_end(apply, unit->last.search);
	/* Who reads to compare does not take our word for what is held. */
	if (au_reading_is_whole(reading))
		au_seen_begin(apply, unit->last.search,
		    reading->kind == AU_READING_WHOLE ? AU_SEEN_FROM_MEMORY : AU_SEEN_FROM_STORE);
	/* Until it has ended well, nothing but a whole reading may come after a whole reading. */
	if (reading->kind == AU_READING_WHOLE)
		return au_store_cookie_put(apply->tx, apply->source, au_search_name(unit->last.search), NULL, err);
	return 0;
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

/* Members are looked up before anything is written.  1: go on; 0: questions must be answered first. */
static int
look_up(struct au_apply *apply, struct au_unit *unit, struct au_err *err)
{
	int rc = 0;

	if (unit->last.search != AU_SEARCH_GROUPS || is_import(search_of(apply, unit)))
		return 1;
	if (!unit->progress.is_asked)
		rc = ask_all(apply, unit, err);
	if (rc < 0 || apply->question_count > 0)
		return rc;
	unit->progress.is_asked = true;
	rc = put_answers(apply, err);
	return rc < 0 ? rc : 1;
}

/* Whom the reading under way has not told of: the source's process asks before it ends it. */
static int
answer_ask(struct au_apply *apply, const struct au_source_batch *batch, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *list = json_array();
	const char **ids;
	size_t count;
	int rc = au_seen_rest(apply, batch->search, &ids, &count, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < count && (long long)i < batch->ask_most; i++)
		json_array_append_new(list, json_string(ids[i]));
	json_array_append_new(
	    apply->unseen, au_source_unseen_to_json(&(struct au_source_unseen){
			       .search = batch->search, .ask = batch->ask, .ids = list, .count = (long long)count }));
	return 0;
}

/* 1: the unit is done; 0: it goes on in another transaction. */
static int
end_reading(struct au_apply *apply, struct au_unit *unit, struct au_err *err)
{
	int rc = au_ending_apply(apply, unit, err);

	if (rc != 0 && au_apply_reading(apply, unit)->generation == search_of(apply, unit)->generation)
		au_seen_end(apply, unit->last.search);
	return rc;
}

static int
take_step(struct au_apply *apply, struct au_unit *unit, struct au_err *err)
{
	int rc;

	switch (unit->last.step) {
	case AU_STEP_NONE:
		rc = au_removal_pushed(apply, unit, err);
		if (rc == 0 && unit->last.ask != 0)
			rc = answer_ask(apply, &unit->last, err);
		return rc < 0 ? rc : 1;
	case AU_STEP_BEGIN:
		rc = unit->last.read != NULL ? au_ending_record(apply, unit, err) : 0;
		return rc < 0 ? rc : 1;
	default:
		return end_reading(apply, unit, err);
	}
}

/* A server that names what is still there names all of it, and each would be a look-up and a mark in the store. */
static bool
names_many(const struct au_apply *apply, const struct au_unit *unit)
{
	struct au_unit_cursor cursor = { 0 };

	return unit->count > 0 && unit->frames[0].len >= MANY && unit->last.step != AU_STEP_BEGIN &&
	       apply->reading != NULL && au_unit_is_next(unit, &cursor, AU_CHANGE_PRESENT);
}

/* 1: all is loaded that is wanted. */
static int
load_seen(struct au_apply *apply, const struct au_unit *unit, struct au_err *err)
{
	enum au_search which = unit->last.search;

	if (!au_seen_is_begun(apply, which) && names_many(apply, unit))
		au_seen_begin(apply, which, AU_SEEN_FROM_MARKS);
	return au_seen_load(apply, which, err);
}

/* What comes before its changes.  1: they may come. */
static int
prepare(struct au_apply *apply, struct au_unit *unit, struct au_err *err)
{
	int rc = load_seen(apply, unit, err);

	if (rc > 0)
		rc = look_up(apply, unit, err);
	if (rc <= 0)
		return rc;
	rc = unit->last.step == AU_STEP_BEGIN && !unit->progress.is_begun ? begin(apply, unit, err) : 0;
	unit->progress.is_begun = true;
	return rc < 0 ? rc : 1;
}

int
au_apply_unit(struct au_apply *apply, struct au_unit *unit, struct au_err *err)
{
	struct au_reading_now *reading = au_apply_reading(apply, unit);

	apply->reading = reading->is_open ? reading : NULL;
	int rc = prepare(apply, unit, err);
	if (rc > 0)
		rc = apply_changes(apply, unit, err);
	if (rc <= 0)
		return rc;
	rc = take_step(apply, unit, err);
	if (rc <= 0)
		return rc;
	rc = store_cookie(apply, unit, err);
	return rc < 0 ? rc : 1;
}
