/* SPDX-License-Identifier: ISC */
/*
 * Phases in a row, each of which walks the list's names or the members held.  Where a walk stands lies in the muster,
 * so that the next transaction goes on from there.
 */
#include "source/muster.h"

#include "base/roster.h"
#include "base/str.h"
#include "model/ref.h"
#include "source/doubt.h"
#include "source/leaving.h"
#include "source/listed.h"
#include "source/members.h"
#include "source/trail.h"

#define PAGE 1000
#define LONG_LIST 5000      /* of more names or members the work is cut into pieces */
#define QUESTIONS_MOST 1000 /* at once, of a long list */

/* Of what a transaction may do (apply.h). */
#define COST_LOOK 1
#define COST_FIND 4
#define COST_WRITE AU_APPLY_WRITE

struct name {
	bool is_held; /* a member is held by it */
};

/* A member who leaves. */
struct doomed {
	const char *id, *dn_norm;
};

struct au_muster {
	const struct au_unit *unit;
	char *group_id;
	bool is_long, is_some;
	size_t phase;
	struct au_unit_cursor list, at, behind; /* where the names begin, where their walk stands, and where they end */
	struct au_str after;                    /* where the walk of the members held stands; the phase begins at "" */
	struct au_listed *listed;
	bool is_kept, is_listed;                /* its members are by this list, the store says; and we go by that */
	bool is_odd;                            /* they will not quite be */
	struct au_roster *names;                /* struct name */
	struct au_roster *leavers;              /* ids of known members whom the list does not name as we do */
	size_t held;                            /* names with is_held */
	size_t strangers;                       /* unknown members whom the list does not name */
	size_t notes;                           /* of the leavers, yet to be noted as missing */
	long long known;                        /* members that we held and know */
	bool is_doubtful;                       /* the directory would not say what a name is that we do not know */
	bool may_leave, has_changed;
	bool is_open; /* the change of this transaction */
	struct au_group_change change;
	struct doomed *doomed; /* of the page being read, in the arena */
	size_t doomed_count;
	struct au_trail_names joined, left; /* in this transaction */
};

/* The list is compared at once when it and the group are short. */
static bool
is_list_long(const struct au_unit *unit, struct au_unit_cursor cursor)
{
	struct au_source_change change;
	size_t count = 0;

	while (count <= LONG_LIST && au_unit_is_next(unit, &cursor, AU_CHANGE_MEMBER) &&
	       au_unit_next(unit, &cursor, &change, NULL) > 0)
		count++;
	return count > LONG_LIST;
}

struct au_muster *
au_muster_new(const char *group_id, const struct au_unit *unit, const struct au_unit_cursor *list, bool is_some)
{
	struct au_muster *muster = au_xcalloc(1, sizeof(*muster));

	*muster = (struct au_muster){ .unit = unit,
		.group_id = au_xstrdup(group_id),
		.is_long = is_list_long(unit, *list),
		.is_some = is_some,
		.list = *list,
		.at = *list,
		.after = AU_STR_INIT,
		.listed = au_listed_new(),
		.names = au_roster_new(sizeof(struct name)),
		.leavers = au_roster_new(0) };
	return muster;
}

void
au_muster_free(struct au_muster *muster)
{
	if (muster == NULL)
		return;
	au_listed_free(muster->listed);
	au_roster_free(muster->names);
	au_roster_free(muster->leavers);
	au_str_done(&muster->after);
	au_trail_names_done(&muster->joined);
	au_trail_names_done(&muster->left);
	free(muster->group_id);
	free(muster);
}

void
au_muster_freep(struct au_muster **muster)
{
	au_muster_free(*muster);
}

const char *
au_muster_group(const struct au_muster *muster)
{
	return muster->group_id;
}

bool
au_muster_has_changed(const struct au_muster *muster)
{
	return muster->has_changed;
}

/* ---- walks ---- */

/* Nothing to be asked while the directory is read for the first time: nobody has any rights yet. */
static bool
is_import(const struct au_apply *apply)
{
	return apply->now->searches[AU_SEARCH_GROUPS].whole_ms == 0;
}

static bool
is_spent(const struct au_apply *apply, const struct au_muster *muster)
{
	return muster->is_long && apply->budget <= 0;
}

typedef int visit_name(struct au_apply *apply, struct au_muster *muster, const char *dn, struct au_err *err);

/* 1: to the end of the list; 0: so far for now. */
static int
walk_names(struct au_apply *apply, struct au_muster *muster, visit_name *visit, long long cost, struct au_err *err)
{
	struct au_source_change change;

	while (au_unit_is_next(muster->unit, &muster->at, AU_CHANGE_MEMBER)) {
		if (is_spent(apply, muster))
			return 0;
		int rc = au_unit_next(muster->unit, &muster->at, &change, err);
		rc = rc < 0 ? rc : visit(apply, muster, change.text, err);
		if (rc < 0)
			return rc;
		apply->budget -= cost;
	}
	return 1;
}

static struct name *
name_of(const struct au_muster *muster, const char *dn)
{
	return au_roster_get(muster->names, dn);
}

/*
 * By what a member is held: somebody whose user name has changed since is there by id, so that no reference means him.
 * NULL: by nothing that a directory could have said.
 */
static const char *
key_of(struct au_apply *apply, const struct au_member_held *held)
{
	if (held->user_name == NULL || au_streq(au_ref_of_user_name(apply->arena, held->user_name), held->dn_norm))
		return held->dn_norm;
	return held->id;
}

typedef int visit_held(
    struct au_apply *apply, struct au_muster *muster, const struct au_member_held *held, struct au_err *err);

struct page {
	struct au_apply *apply;
	struct au_muster *muster;
	visit_held *visit;
	size_t count;
};

static int
visit_row(void *ctx, const struct au_member_held *held, struct au_err *err)
{
	struct page *page = ctx;

	page->count++;
	page->muster->after.len = 0;
	au_str_put(&page->muster->after, held->id != NULL ? held->id : held->dn_norm);
	return page->visit(page->apply, page->muster, held, err);
}

/* 1: that was the last page; 0: there may be more.  An unknown group has none. */
static int
walk_page(struct au_apply *apply, struct au_muster *muster, visit_held *visit, struct au_err *err)
{
	struct page page = { apply, muster, visit, 0 };
	AU_CLEANUP(au_freep) char *after = au_xstrdup(au_str_get(&muster->after));
	int rc = au_store_member_held(apply->tx, apply->source, muster->group_id, after, PAGE, visit_row, &page, err);

	if (rc < 0)
		return rc == AU_ENOENT ? 1 : rc;
	apply->budget -= COST_LOOK * PAGE;
	return page.count < PAGE;
}

static int
walk_held(struct au_apply *apply, struct au_muster *muster, visit_held *visit, struct au_err *err)
{
	int rc = 0;

	while (rc == 0 && !is_spent(apply, muster))
		rc = walk_page(apply, muster, visit, err);
	return rc;
}

/* ---- what is compared ---- */

static int
digest_name(struct au_apply *apply, struct au_muster *muster, const char *dn, struct au_err *err)
{
	(void)apply;
	(void)err;
	au_listed_name(muster->listed, dn);
	return 0;
}

/* Who reads to compare does not take our word for anything. */
static int
recognise(struct au_apply *apply, struct au_muster *muster, struct au_err *err)
{
	int rc = walk_names(apply, muster, digest_name, COST_LOOK, err);

	if (rc <= 0)
		return rc;
	muster->behind = muster->at;
	rc = au_listed_is_same(apply, muster->listed, muster->group_id, err);
	muster->is_kept = rc == 1;
	muster->is_listed = muster->is_kept && !muster->unit->last.compare;
	return rc < 0 ? rc : 1;
}

static int
enter_name(struct au_apply *apply, struct au_muster *muster, const char *dn, struct au_err *err)
{
	bool is_new;

	(void)apply;
	(void)err;
	au_roster_put(muster->names, dn, &is_new);
	return 0;
}

static int
list_names(struct au_apply *apply, struct au_muster *muster, struct au_err *err)
{
	return muster->is_listed ? 1 : walk_names(apply, muster, enter_name, COST_LOOK, err);
}

static int
compare_one(struct au_apply *apply, struct au_muster *muster, const struct au_member_held *held, struct au_err *err)
{
	const char *key = key_of(apply, held);
	struct name *name = key != NULL ? name_of(muster, key) : NULL;
	bool is_new;

	(void)err;
	if (key == NULL)
		return 0;
	muster->known += held->id != NULL;
	if (name != NULL) {
		muster->held += !name->is_held;
		name->is_held = true;
	} else if (held->id != NULL)
		au_roster_put(muster->leavers, held->id, &is_new);
	else
		muster->strangers++;
	return 0;
}

/* A group that has far more members than the list has names is long, too. */
static int
compare(struct au_apply *apply, struct au_muster *muster, struct au_err *err)
{
	int rc = muster->is_listed ? 1 : walk_held(apply, muster, compare_one, err);

	muster->is_long |= muster->known > LONG_LIST;
	return rc;
}

/* ---- names that nobody is held by, while somebody would leave ---- */

/* Whom the list names in another way than before has not left. */
static int
restate(struct au_apply *apply, struct au_muster *muster, const char *id, const char *dn, struct au_err *err)
{
	if (!au_roster_remove(muster->leavers, id))
		return 0;
	name_of(muster, dn)->is_held = true;
	muster->held++;
	return au_store_member_restate(apply->tx, apply->source, muster->group_id, id, dn, err);
}

static int
find_name(struct au_apply *apply, struct au_muster *muster, const char *dn, struct au_err *err)
{
	const struct au_answer_to *answer = au_map_get(apply->answers, dn);
	struct au_entry entry;

	if (name_of(muster, dn)->is_held)
		return 0;
	int rc = au_members_find(apply, dn, &entry, err);
	if (rc == 1)
		rc = restate(apply, muster, entry.id, dn, err);
	else if (rc == 0 && answer == NULL && !is_import(apply) && !muster->is_some)
		au_members_question(apply, dn);
	if (rc < 0)
		return rc;
	muster->is_doubtful |= answer != NULL && answer->verdict == AU_LOOKUP_UNKNOWN && !name_of(muster, dn)->is_held;
	apply->budget -= COST_FIND;
	if (muster->is_long && apply->question_count >= QUESTIONS_MOST)
		apply->budget = 0;
	return 0;
}

/* A part of the list whose names are not all known is walked once more with the answers. */
static int
find_names(struct au_apply *apply, struct au_muster *muster, struct au_err *err)
{
	struct au_unit_cursor from = muster->at;

	if (au_roster_count(muster->leavers) == 0)
		return 1;
	int rc = walk_names(apply, muster, find_name, COST_LOOK, err);
	if (rc < 0 || apply->question_count == 0)
		return rc;
	muster->at = from;
	return 0;
}

/* ---- whether they leave ---- */

static int
judge(struct au_apply *apply, struct au_muster *muster, struct au_err *err)
{
	struct au_leaving leaving = { .group_id = muster->group_id,
		.before = muster->known,
		.gone = (long long)au_roster_count(muster->leavers) };

	if (muster->is_some)
		return 1;
	if (muster->is_doubtful) {
		au_reading_pin(&apply->now->searches[AU_SEARCH_GROUPS]);
		return 1;
	}
	int rc = au_leaving_judge(apply, &leaving, &muster->notes, err);
	muster->may_leave = rc == 1;
	return rc < 0 ? rc : 1;
}

static bool
is_named(struct au_apply *apply, const struct au_muster *muster, const struct au_member_held *held)
{
	const char *key = key_of(apply, held);

	return key == NULL || name_of(muster, key) != NULL;
}

static int
note_one(struct au_apply *apply, struct au_muster *muster, const struct au_member_held *held, struct au_err *err)
{
	if (muster->notes == 0 || held->id == NULL || is_named(apply, muster, held))
		return 0;
	muster->notes--;
	apply->budget -= COST_WRITE;
	return au_leaving_note(apply, muster->group_id, held->id, err);
}

static int
note(struct au_apply *apply, struct au_muster *muster, struct au_err *err)
{
	return muster->notes == 0 ? 1 : walk_held(apply, muster, note_one, err);
}

/* ---- what moves ---- */

static int
open_change(struct au_apply *apply, struct au_muster *muster, struct au_err *err)
{
	if (muster->is_open)
		return 0;
	int rc = au_store_group_open(apply->tx, apply->source, muster->group_id, &muster->change, err);
	muster->is_open = rc == 0;
	return rc;
}

static int
join_one(struct au_apply *apply, struct au_muster *muster, const char *dn, struct au_err *err)
{
	struct name *name = name_of(muster, dn);
	bool was_added = false;

	if (name->is_held)
		return 0;
	name->is_held = true;
	apply->budget -= COST_WRITE;
	int rc = open_change(apply, muster, err);
	if (rc == 0)
		rc = au_store_group_add(
		    apply->tx, &muster->change, &(struct au_member){ .dn_norm = dn }, &was_added, err);
	muster->is_odd |= !was_added;
	if (rc < 0 || !was_added)
		return rc;
	au_trail_name(&muster->joined, dn);
	return au_members_tell_rivals(apply, dn, err);
}

static int
join(struct au_apply *apply, struct au_muster *muster, struct au_err *err)
{
	if (muster->held == au_roster_count(muster->names))
		return 1;
	return walk_names(apply, muster, join_one, COST_LOOK, err);
}

/* Gathered first: nothing is removed beneath a walk. */
static int
doom_one(struct au_apply *apply, struct au_muster *muster, const struct au_member_held *held, struct au_err *err)
{
	(void)err;
	if (!is_named(apply, muster, held) && (held->id == NULL || muster->may_leave))
		muster->doomed[muster->doomed_count++] = (struct doomed){ au_arena_strdup(apply->arena, held->id),
			au_arena_strdup(apply->arena, held->dn_norm) };
	return 0;
}

static int
leave_one(struct au_apply *apply, struct au_muster *muster, const struct doomed *doomed, struct au_err *err)
{
	int rc = open_change(apply, muster, err);

	apply->budget -= COST_WRITE;
	if (rc < 0)
		return rc;
	if (doomed->id == NULL)
		return au_store_group_remove_dn(apply->tx, &muster->change, doomed->dn_norm, NULL, err);
	au_trail_name(&muster->left, doomed->dn_norm);
	return au_store_group_remove(apply->tx, &muster->change, doomed->id, NULL, err);
}

static int
leave_page(struct au_apply *apply, struct au_muster *muster, struct au_err *err)
{
	muster->doomed = au_arena_alloc(apply->arena, PAGE * sizeof(*muster->doomed));
	muster->doomed_count = 0;
	int last = walk_page(apply, muster, doom_one, err), rc = last < 0 ? last : 0;

	for (size_t i = 0; rc == 0 && i < muster->doomed_count; i++)
		rc = leave_one(apply, muster, &muster->doomed[i], err);
	return rc < 0 ? rc : last;
}

/* The search may have fallen into doubt since they were judged. */
static int
leave(struct au_apply *apply, struct au_muster *muster, struct au_err *err)
{
	int rc = 0;

	muster->may_leave = muster->may_leave && !au_reading_is_suspect(&apply->now->searches[AU_SEARCH_GROUPS]);
	muster->is_odd |= au_roster_count(muster->leavers) > 0 && !muster->may_leave;
	muster->is_odd |= muster->strangers > 0 && muster->is_some;
	if (muster->is_some ||
	    (muster->strangers == 0 && (!muster->may_leave || au_roster_count(muster->leavers) == 0)))
		return 1;
	while (rc == 0 && !is_spent(apply, muster))
		rc = leave_page(apply, muster, err);
	return rc;
}

/* Who is told the same again needs not look. */
static int
keep_list(struct au_apply *apply, struct au_muster *muster, struct au_err *err)
{
	if (muster->is_kept || muster->is_odd)
		return 1;
	int rc = au_listed_keep(apply, muster->listed, muster->group_id, err);
	return rc < 0 ? rc : 1;
}

/* ---- the whole ---- */

/* In this order; each returns 1 when it is over, and 0 when it has to go on in another transaction. */
static int (*const phases[])(struct au_apply *apply, struct au_muster *muster, struct au_err *err) = {
	recognise,
	list_names,
	compare,
	find_names,
	judge,
	note,
	join,
	leave,
	keep_list,
};
#define PHASES_OF_ASKING 3

static int
run_phases(struct au_apply *apply, struct au_muster *muster, size_t end, struct au_err *err)
{
	while (muster->phase < end) {
		int rc = phases[muster->phase](apply, muster, err);
		if (rc <= 0)
			return rc;
		muster->phase++;
		muster->at = muster->list;
		au_str_done(&muster->after);
	}
	return 1;
}

static int
ask_name(struct au_apply *apply, struct au_muster *muster, const char *dn, struct au_err *err)
{
	struct au_entry entry;

	if (name_of(muster, dn)->is_held || au_map_has(apply->answers, dn))
		return 0;
	int rc = au_members_find(apply, dn, &entry, err);
	if (rc == 0)
		au_members_question(apply, dn);
	return rc < 0 ? rc : 0;
}

int
au_muster_ask(struct au_apply *apply, struct au_muster *muster, struct au_err *err)
{
	if (muster->is_long || muster->is_some)
		return 0;
	int rc = run_phases(apply, muster, PHASES_OF_ASKING, err);
	if (rc <= 0 || au_roster_count(muster->leavers) == 0)
		return rc < 0 ? rc : 0;
	rc = walk_names(apply, muster, ask_name, COST_LOOK, err);
	return rc < 0 ? rc : 0;
}

/* What moved in this transaction has its row in the audit in it, too. */
static int
tell(struct au_apply *apply, struct au_muster *muster, struct au_err *err)
{
	int rc = muster->is_open ? au_store_group_close(apply->tx, &muster->change, err) : 0;

	muster->is_open = false;
	if (rc < 0 || muster->joined.count + muster->left.count == 0)
		return rc;
	muster->has_changed = true;
	apply->changed = true;
	if (!is_import(apply)) {
		rc = au_trail_members(apply, muster->group_id, &muster->joined, &muster->left, err);
		if (rc == 0)
			rc = au_doubt_bled(apply, AU_SEARCH_GROUPS, AU_LOT_MEMBERS, muster->left.count, err);
	}
	au_trail_names_done(&muster->joined);
	au_trail_names_done(&muster->left);
	return rc;
}

int
au_muster_run(struct au_apply *apply, struct au_muster *muster, struct au_unit_cursor *cursor, struct au_err *err)
{
	int rc = run_phases(apply, muster, AU_COUNT(phases), err);
	int told = rc < 0 ? rc : tell(apply, muster, err);

	if (told == 0 && rc == 1)
		*cursor = muster->behind;
	return told < 0 ? told : rc;
}
