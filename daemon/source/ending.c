/* SPDX-License-Identifier: ISC */
/*
 * Unchanged entries cost nothing here: the store names those that were not seen,
 * and rows are kept for them alone.  Phases in a row; where one stands lies in the
 * ending, so that the next transaction goes on from there.
 */
#include "source/ending.h"

#include "base/clock.h"
#include "source/doubt.h"
#include "source/leaving.h"
#include "source/removal.h"
#include "source/seen.h"
#include "source/surprise.h"
#include "source/trail.h"
#include "source/verdict.h"

/* Of what a transaction may do: somebody's memberships go with him. */
#define COST_REMOVAL (4 * AU_APPLY_WRITE)

/* An end being worked on. */
struct au_ending {
	struct au_apply *apply; /* of this transaction */
	struct au_arena *arena; /* what is known of it from one to the next */
	size_t phase, at;       /* of which that many are through */
	bool was_in_doubt, is_over;
	const struct au_unit *unit;
	enum au_search which;
	struct au_search_now *search;
	struct au_reading_now *reading;
	struct au_source_read read; /* as it will be kept */
	enum au_power power;
	long long approved;           /* so many may go, a person said */
	const char **named, **unseen; /* ids; nobody is in both */
	size_t named_count, unseen_count;
	long long entries, members; /* how many there are before it: entries, and known members of groups */
	long long leavers;          /* members that it misses */
	struct au_missing *due;     /* that are confirmed now */
	size_t due_count;
	long long removed, left; /* entries and members, in this transaction */
	long long confirmed;     /* of those that are due, who was there to go */
};

static bool
is_spent(const struct au_ending *ending)
{
	return ending->apply->budget <= 0;
}

static long long
count_gone(const struct au_ending *ending)
{
	return (long long)ending->named_count + (long long)ending->unseen_count;
}

/* ---- what it was ---- */

static int
take_read(struct au_ending *ending, struct au_err *err)
{
	const struct au_source_batch *last = &ending->unit->last;

	if (last->read == NULL)
		return au_fail(
		    err, AU_EPROTO, "%s: a reading ends without telling how it went", au_search_name(ending->which));
	if (au_source_read_from_json(last->read, &ending->read, err) < 0)
		return AU_EPROTO;
	if (last->step == AU_STEP_VOID)
		return 0;
	if (!ending->reading->is_open || ending->reading->kind == AU_READING_NONE)
		return au_fail(err, AU_EPROTO, "%s: a reading ends that did not begin", au_search_name(ending->which));
	if (ending->read.kind != ending->reading->kind)
		return au_fail(
		    err, AU_EPROTO, "%s: another reading ends than the one that began", au_search_name(ending->which));
	return 0;
}

static void
find_power(struct au_ending *ending)
{
	struct au_source_read *read = &ending->read;

	ending->power = au_verdict_power(read, ending->unit->last.step);
	/* Marks of the newer reading hide what this one saw. */
	if (ending->power != AU_MAY_NOTHING && ending->reading->generation != ending->search->generation) {
		ending->power = AU_MAY_NOTHING;
		read->why = "another reading of the same search began meanwhile";
	}
	if (ending->power != AU_MAY_NOTHING || read->verdict != AU_READ_COMPLETE)
		return;
	read->verdict = AU_READ_PARTIAL;
	if (read->why == NULL)
		read->why = "it called itself complete, but its result or a referral says otherwise";
}

/* ---- what would go ---- */

static void
free_map(struct au_map **map)
{
	au_map_free(*map, NULL);
}

/* What was not seen, without those that the directory names as removed. */
static int
gather_unseen(struct au_ending *ending, struct au_err *err)
{
	struct au_apply *apply = ending->apply;
	AU_CLEANUP(free_map) struct au_map *named = au_map_new();
	size_t count = 0;
	int rc = au_seen_rest(apply, ending->which, &ending->unseen, &count, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < ending->named_count; i++)
		au_map_put(named, ending->named[i], ending);
	for (size_t i = 0; i < count; i++)
		if (!au_map_has(named, ending->unseen[i]))
			ending->unseen[ending->unseen_count++] = ending->unseen[i];
	return 0;
}

static int
count_members(struct au_ending *ending, struct au_err *err)
{
	struct au_apply *apply = ending->apply;
	int rc = au_store_member_totals(apply->tx, apply->source, &ending->members, &ending->read.unknown, err);

	return rc < 0 ? rc
		      : au_store_missing_count(apply->tx, apply->source, au_search_name(ending->which),
			    ending->search->generation, true, &ending->leavers, err);
}

static int
gather(struct au_ending *ending, struct au_err *err)
{
	struct au_apply *apply = ending->apply;
	int rc = au_removal_named(apply, ending->unit, &ending->named, &ending->named_count, err);

	if (rc == 0 && ending->power == AU_MAY_UNSEEN)
		rc = gather_unseen(ending, err);
	if (rc == 0)
		rc = au_store_entry_count(
		    apply->tx, apply->source, au_search_kinds[ending->which], &ending->entries, err);
	if (rc == 0 && ending->which == AU_SEARCH_GROUPS)
		rc = count_members(ending, err);
	return rc;
}

/* ---- whether it may ---- */

/* One row per doubt, the gravest first: whether it stands, and how many of how many it is about. */
static bool
is_aged(const struct au_ending *ending, long long *doomed, long long *before)
{
	*doomed = count_gone(ending) + ending->leavers;
	*before = ending->entries;
	return *doomed > 0 && (ending->reading->held || ending->search->doubt == AU_DOUBT_AGE);
}

static bool
is_too_few(const struct au_ending *ending, long long *doomed, long long *before)
{
	*doomed = count_gone(ending);
	*before = ending->entries;
	return au_trust_doubts(ending->apply->trust, *before, *doomed);
}

static bool
is_group_too_few(const struct au_ending *ending, long long *doomed, long long *before)
{
	*doomed = ending->reading->doomed;
	*before = ending->reading->before;
	return *doomed > 0;
}

static bool
is_members_too_few(const struct au_ending *ending, long long *doomed, long long *before)
{
	*doomed = ending->leavers;
	*before = ending->members;
	return au_trust_doubts_members(ending->apply->trust, *before, *doomed);
}

static const struct {
	enum au_doubt doubt;
	bool (*stands)(const struct au_ending *ending, long long *doomed, long long *before);
} doubts[] = {
	{ AU_DOUBT_AGE, is_aged },
	{ AU_DOUBT_ENTRIES, is_too_few },
	{ AU_DOUBT_MEMBERS, is_group_too_few },
	{ AU_DOUBT_MEMBERS, is_members_too_few },
};

/* A person's word covers what was shown to him, and no more. */
static bool
is_approved(const struct au_ending *ending, long long doomed)
{
	return au_reading_is_whole(ending->reading) && ending->approved >= doomed;
}

/* In the arena, or NULL. */
static int
find_lost_canary(const struct au_ending *ending, const char **ret, struct au_err *err)
{
	const char **going = au_arena_alloc(ending->apply->arena, (size_t)(count_gone(ending) + 1) * sizeof(*going));
	size_t count = 0;

	*ret = NULL;
	if (ending->power != AU_MAY_UNSEEN || !au_reading_is_whole(ending->reading))
		return 0;
	for (size_t i = 0; i < ending->named_count; i++)
		going[count++] = ending->named[i];
	for (size_t i = 0; i < ending->unseen_count; i++)
		going[count++] = ending->unseen[i];
	return au_doubt_canary(ending->apply, ending->which, going, count, ret, err);
}

static int
fall(struct au_ending *ending, enum au_doubt doubt, long long doomed, long long before, struct au_err *err)
{
	struct au_apply *apply = ending->apply;

	ending->reading->is_open = false;
	ending->read.held = doomed;
	int rc = au_doubt_fall(apply, ending->which, doubt, doomed, before, err);
	if (rc == 0)
		rc = au_doubt_show(apply, ending->which, ending->named, ending->named_count, err);
	if (rc == 0)
		rc = au_doubt_show(apply, ending->which, ending->unseen, ending->unseen_count, err);
	if (rc == 0)
		rc = au_store_missing_forget(
		    apply->tx, apply->source, au_search_name(ending->which), ending->search->generation, 0, err);
	return rc;
}

/* 1: it may go on; 0: the search is in doubt. */
static int
judge(struct au_ending *ending, struct au_err *err)
{
	long long doomed, before;
	const char *lost;
	int rc = find_lost_canary(ending, &lost, err);

	if (rc < 0)
		return rc;
	if (lost != NULL && !is_approved(ending, count_gone(ending))) {
		ending->read.why = au_arena_printf(ending->apply->arena, "the canary '%s' was not seen", lost);
		return fall(ending, AU_DOUBT_CANARY, count_gone(ending), ending->entries, err);
	}
	for (size_t i = 0; i < AU_COUNT(doubts); i++)
		if (doubts[i].stands(ending, &doomed, &before) && !is_approved(ending, doomed))
			return fall(ending, doubts[i].doubt, doomed, before, err);
	return 1;
}

/* ---- what goes ---- */

/* That were missing before, or, on a person's word, all. */
static long long
first_below(const struct au_ending *ending)
{
	return ending->search->generation + is_approved(ending, 0);
}

static int
note_unseen(struct au_ending *ending, struct au_err *err)
{
	struct au_apply *apply = ending->apply;
	const char *name = au_search_name(ending->which);

	for (; ending->at < ending->unseen_count; ending->at++) {
		if (is_spent(ending))
			return 0;
		int rc = au_store_missing_put(apply->tx, apply->source, name, ending->unseen[ending->at], "",
		    ending->search->proved, ending->search->generation, err);
		if (rc < 0)
			return rc;
		apply->budget -= AU_APPLY_WRITE;
	}
	return 1;
}

static int
find_due(struct au_ending *ending, struct au_err *err)
{
	struct au_apply *apply = ending->apply;
	int rc = 0;

	if (ending->power == AU_MAY_UNSEEN)
		rc = au_store_missing_due(apply->tx, apply->arena, apply->source, au_search_name(ending->which),
		    ending->search->generation, first_below(ending), &ending->due, &ending->due_count, err);
	return rc < 0 ? rc : 1;
}

static int
remove_one(struct au_ending *ending, const char *id, struct au_err *err)
{
	int rc = au_removal_entry(ending->apply, ending->which, id, err);

	ending->apply->budget -= COST_REMOVAL;
	ending->removed += rc == 1;
	return rc;
}

static int
remove_named(struct au_ending *ending, struct au_err *err)
{
	for (; ending->at < ending->named_count; ending->at++) {
		if (is_spent(ending))
			return 0;
		int rc = remove_one(ending, ending->named[ending->at], err);
		if (rc < 0)
			return rc;
	}
	return 1;
}

static int
remove_due(struct au_ending *ending, struct au_err *err)
{
	for (; ending->at < ending->due_count; ending->at++) {
		if (ending->due[ending->at].member[0] != '\0')
			continue;
		if (is_spent(ending))
			return 0;
		int rc = remove_one(ending, ending->due[ending->at].id, err);
		if (rc < 0)
			return rc;
		ending->confirmed += rc;
	}
	return 1;
}

static int
leave_due(struct au_ending *ending, struct au_err *err)
{
	long long left = ending->left;
	int rc = au_leaving_due(ending->apply, ending->due, ending->due_count, &ending->at, &ending->left, err);

	ending->confirmed += ending->left - left;
	return rc;
}

/* Everything was told: what is missing now is for the first time. */
static int
prove(struct au_ending *ending, struct au_err *err)
{
	struct au_apply *apply = ending->apply;
	struct au_search_now *search = ending->search;
	const char *name = au_search_name(ending->which);
	long long entries = 0, members = 0;
	int rc = au_store_missing_forget(apply->tx, apply->source, name, search->generation, first_below(ending), err);

	if (rc == 0)
		rc = au_store_missing_count(apply->tx, apply->source, name, search->generation, false, &entries, err);
	if (rc == 0)
		rc = au_store_missing_count(apply->tx, apply->source, name, search->generation, true, &members, err);
	if (rc < 0)
		return rc;
	search->proved = search->generation;
	search->missing = ending->read.missing = entries + members;
	/* In doubt, what the stream told was held back. */
	search->missed_beside = ending->reading->kind == AU_READING_COMPARE && !au_reading_is_suspect(search);
	return 0;
}

/* ---- what the end means besides ---- */

/* Whoever is removed now was missed twice; other differences wait for a second look of their own. */
static int
tell_drift(struct au_ending *ending, struct au_err *err)
{
	AU_CLEANUP(au_trail_names_done) struct au_trail_names missing = { 0 };

	if (ending->reading->kind != AU_READING_COMPARE)
		return 0;
	/* A whole reading of a search in doubt was expected to differ. */
	if (au_reading_is_suspect(ending->search)) {
		au_surprise_forget(ending->apply, ending->which);
		return 0;
	}
	long long found = au_surprise_confirm(ending->apply, ending->which) + ending->confirmed;
	if (found == 0)
		return 0;
	ending->apply->now->drift += found;
	for (size_t i = 0; i < ending->due_count; i++)
		if (ending->due[i].member[0] == '\0')
			au_trail_name(&missing, ending->due[i].id);
	return au_trail_drift(ending->apply, ending->which, found, &missing, err);
}

static int
settle(struct au_ending *ending, struct au_err *err)
{
	struct au_search_now *search = ending->search;
	int rc = tell_drift(ending, err);

	if (au_reading_is_whole(ending->reading)) {
		if (search->whole_ms == 0 && rc == 0)
			rc = au_trail_search(
			    ending->apply, "source.import", ending->which, "entries", search->imported, err);
		search->whole_ms = au_clock_wall_ms();
		search->imported = 0;
		search->is_pinned = search->is_pinned && search->pinned_at >= search->generation;
		if (is_approved(ending, 0)) {
			ending->apply->used_approval[ending->which] = true;
			search->entries = search->members = (struct au_bleed){ 0 };
		}
	}
	search->doubt = AU_DOUBT_NONE;
	search->doomed = search->before = 0;
	ending->reading->is_open = false;
	return rc;
}

static int
decide(struct au_ending *ending, struct au_err *err)
{
	ending->approved = ending->apply->approved[ending->which];
	int rc = gather(ending, err);
	if (rc == 0)
		rc = judge(ending, err);
	ending->is_over = rc == 0;
	ending->was_in_doubt = au_reading_is_suspect(ending->search);
	/* A reading from a cookie says nothing about what was in doubt before it. */
	if (rc == 1 && ending->was_in_doubt && !au_reading_is_whole(ending->reading)) {
		ending->reading->is_open = false;
		ending->is_over = true;
	}
	return rc < 0 ? rc : 1;
}

/* What went in this transaction counts in it. */
static int
count_removed(struct au_ending *ending, struct au_err *err)
{
	int rc = au_doubt_bled(ending->apply, ending->which, AU_LOT_ENTRIES, ending->removed, err);

	if (rc == 0)
		rc = au_doubt_bled(ending->apply, ending->which, AU_LOT_MEMBERS, ending->left, err);
	ending->read.removed += ending->removed + ending->left;
	ending->removed = ending->left = 0;
	return rc;
}

static int
conclude(struct au_ending *ending, struct au_err *err)
{
	int rc = count_removed(ending, err);

	if (!ending->search->missed_beside)
		ending->confirmed = 0;
	if (rc == 0 && ending->power == AU_MAY_UNSEEN)
		rc = prove(ending, err);
	if (rc == 0)
		rc = settle(ending, err);
	return rc < 0 ? rc : 1;
}

/* In this order; each returns 1 when it is over, and 0 when it has to go on in another transaction. */
static const struct {
	int (*run)(struct au_ending *ending, struct au_err *err);
	bool is_kept; /* what it finds is needed by those behind it */
} phases[] = {
	{ decide, true },
	{ note_unseen, false },
	{ find_due, true },
	{ remove_named, false },
	{ remove_due, false },
	{ leave_due, false },
	{ conclude, false },
};

static int
run_phase(struct au_ending *ending, struct au_err *err)
{
	struct au_apply *apply = ending->apply;
	struct au_arena *arena = apply->arena;

	if (phases[ending->phase].is_kept)
		apply->arena = ending->arena;
	int rc = phases[ending->phase].run(ending, err);
	apply->arena = arena;
	return rc;
}

static int
run_phases(struct au_ending *ending, struct au_err *err)
{
	int rc = 1;

	while (rc == 1 && !ending->is_over) {
		rc = run_phase(ending, err);
		if (rc <= 0)
			break;
		ending->at = 0;
		ending->is_over |= ++ending->phase == AU_COUNT(phases);
	}
	return rc;
}

/* ---- keeping it ---- */

static int
keep(struct au_apply *apply, enum au_search which, const json_t *read, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *text = au_json_text(read);

	return au_store_reading_add(
	    apply->tx, apply->source, au_search_name(which), text, apply->trust->reads_kept, err);
}

int
au_ending_record(struct au_apply *apply, const struct au_unit *unit, struct au_err *err)
{
	struct au_source_read read;

	if (au_source_read_from_json(unit->last.read, &read, err) < 0)
		return AU_EPROTO;
	return keep(apply, unit->last.search, unit->last.read, err);
}

static int
begin(struct au_apply *apply, struct au_unit *unit, struct au_err *err)
{
	struct au_ending *ending = au_xcalloc(1, sizeof(*ending));

	unit->progress.ending = ending;
	*ending = (struct au_ending){ .unit = unit, .which = unit->last.search, .arena = au_arena_new() };
	ending->search = &apply->now->searches[ending->which];
	ending->reading = au_apply_reading(apply, unit);
	int rc = take_read(ending, err);
	if (rc == 0)
		find_power(ending);
	return rc;
}

/* 1: it is over. */
static int
go_on(struct au_ending *ending, struct au_err *err)
{
	if (ending->power == AU_MAY_NOTHING) {
		/* A reading broken off stays open: only a later one that ends well closes it.  A comparing one decided
		 * nothing. */
		if (ending->unit->last.compare)
			ending->reading->is_open = false;
		return 1;
	}
	/* The search may have fallen into doubt since it was judged: the rest stays. */
	if (ending->phase > 0 && !ending->was_in_doubt && au_reading_is_suspect(ending->search)) {
		ending->reading->is_open = false;
		return 1;
	}
	int rc = run_phases(ending, err);
	int counted = rc < 0 ? rc : count_removed(ending, err);
	return counted < 0 ? counted : rc;
}

int
au_ending_apply(struct au_apply *apply, struct au_unit *unit, struct au_err *err)
{
	int rc = unit->progress.ending == NULL ? begin(apply, unit, err) : 0;
	struct au_ending *ending = unit->progress.ending;

	ending->apply = apply;
	ending->search = &apply->now->searches[ending->which];
	ending->reading = au_apply_reading(apply, unit);
	if (rc == 0)
		rc = go_on(ending, err);
	if (rc <= 0)
		return rc;
	AU_CLEANUP(au_json_decrefp) json_t *read = au_source_read_to_json(&ending->read);
	rc = keep(apply, ending->which, read, err);
	return rc < 0 ? rc : 1;
}

void
au_ending_free(struct au_ending *ending)
{
	if (ending == NULL)
		return;
	au_arena_free(ending->arena);
	free(ending);
}
