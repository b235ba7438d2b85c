/* SPDX-License-Identifier: ISC */
/* The state is worked on as a copy and handed back; what must survive a restart goes into the same transaction. */
#include "source/round.h"

#include "base/clock.h"
#include "source/doubt.h"
#include "source/expiry.h"
#include "source/refusal.h"
#include "source/seen.h"
#include "source/surprise.h"
#include "source/verdict.h"
#include "store/reread.h"

#include <stdlib.h>
#include <string.h>

struct au_round *
au_round_new(const char *source, const char *actor, const struct au_source_now *now,
    const struct au_source_link *link, const struct au_trust *trust, struct au_unit *units, struct au_map *answers)
{
	struct au_round *round = au_xcalloc(1, sizeof(*round));

	*round = (struct au_round){ .source = au_xstrdup(source),
		.actor = au_xstrdup(actor),
		.before = *now,
		.link = *link,
		.trust = au_trust_copy(trust),
		.approved = { AU_NOT_APPROVED, AU_NOT_APPROVED },
		.units = units,
		.answers = answers != NULL ? answers : au_map_new() };
	round->link.text = au_xstrdup(link->text);
	return round;
}

static void
free_answer(void *value)
{
	struct au_answer_to *answer = value;

	if (answer == NULL)
		return;
	json_decref(answer->message);
	free(answer);
}

void
au_answers_put(struct au_map *answers, const char *dn, enum au_lookup_verdict verdict, json_t *message)
{
	struct au_answer_to *answer = au_xcalloc(1, sizeof(*answer));

	*answer = (struct au_answer_to){ .verdict = verdict, .message = json_incref(message) };
	free_answer(au_map_put(answers, dn, answer));
}

void
au_answers_free(struct au_map *answers)
{
	au_map_free(answers, free_answer);
}

void
au_round_free(struct au_round *round)
{
	if (round == NULL)
		return;
	while (round->units != NULL) {
		struct au_unit *unit = round->units;
		round->units = unit->next;
		au_unit_free(unit);
	}
	au_answers_free(round->answers);
	for (int i = 0; i < AU_SEARCHES; i++)
		au_seen_free(round->seen[i]);
	au_surprises_free(round->surprises);
	au_map_free(round->rereads, NULL);
	au_map_free(round->rereads_later, NULL);
	au_arena_free(round->arena);
	free((char *)(uintptr_t)round->link.text);
	au_trust_done(&round->trust);
	free(round->source);
	free(round->actor);
	json_decref(round->unseen);
	free(round);
}

/* ---- what survives a restart ---- */

static const char *
meta_name(struct au_arena *arena, const char *source, const char *what)
{
	return au_arena_printf(arena, "source.%s.%s", source, what);
}

static int
put_number(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *what, long long number,
    struct au_err *err)
{
	return au_store_meta_put(tx, meta_name(arena, source, what), au_arena_printf(arena, "%lld", number), err);
}

static int
get_number(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *what, long long *ret,
    struct au_err *err)
{
	const char *text = NULL;
	int rc = au_store_meta_get(tx, arena, meta_name(arena, source, what), &text, err);

	*ret = rc == 0 && text != NULL ? strtoll(text, NULL, 10) : 0;
	return rc;
}

/* What of a search must outlive the process. */
static const struct {
	const char *name;
	size_t offset;
} kept[] = {
	{ "whole_ms", offsetof(struct au_search_now, whole_ms) },
	{ "doomed", offsetof(struct au_search_now, doomed) },
	{ "before", offsetof(struct au_search_now, before) },
	{ "doubt", offsetof(struct au_search_now, doubt) },
	{ "missing", offsetof(struct au_search_now, missing) },
	{ "proved", offsetof(struct au_search_now, proved) },
	{ "bleed.start_ms", offsetof(struct au_search_now, entries.start_ms) },
	{ "bleed.now", offsetof(struct au_search_now, entries.now) },
	{ "bleed.last", offsetof(struct au_search_now, entries.last) },
	{ "bleed.before", offsetof(struct au_search_now, entries.before) },
	{ "bleed.members.start_ms", offsetof(struct au_search_now, members.start_ms) },
	{ "bleed.members.now", offsetof(struct au_search_now, members.now) },
	{ "bleed.members.last", offsetof(struct au_search_now, members.last) },
	{ "bleed.members.before", offsetof(struct au_search_now, members.before) },
};

static const char *
kept_name(struct au_arena *arena, enum au_search search, size_t row)
{
	return au_arena_printf(arena, "%s.%s", au_search_name(search), kept[row].name);
}

static long long *
kept_number(const struct au_search_now *search, size_t row)
{
	return (long long *)((uintptr_t)search + kept[row].offset);
}

static int
save_search(struct au_store_tx *tx, const struct au_round *round, enum au_search which, struct au_err *err)
{
	const struct au_search_now *before = &round->before.searches[which], *after = &round->after.searches[which];
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < AU_COUNT(kept); i++)
		if (*kept_number(before, i) != *kept_number(after, i))
			rc = put_number(tx, round->arena, round->source, kept_name(round->arena, which, i),
			    *kept_number(after, i), err);
	return rc;
}

static int
save_numbers(struct au_store_tx *tx, const struct au_round *round, struct au_err *err)
{
	int rc = 0;

	if (round->after.generation != round->before.generation)
		rc = put_number(tx, round->arena, round->source, "generation", round->after.generation, err);
	for (int i = 0; rc == 0 && i < AU_SEARCHES; i++)
		rc = save_search(tx, round, i, err);
	return rc;
}

static int
save_wishes(struct au_store_tx *tx, const struct au_round *round, const struct au_map *wishes, struct au_err *err)
{
	const char *id;
	void *dn;
	int rc = 0;

	for (size_t cursor = 0; rc == 0 && au_map_next(wishes, &cursor, &id, &dn);)
		rc = au_store_reread_put(tx, round->source, id, round->after.generation, err);
	return rc;
}

/* A wish may outlive the process that is to see to it; a whole reading of the groups that began later answers it. */
static int
save_rereads(struct au_store_tx *tx, const struct au_round *round, struct au_err *err)
{
	long long proved = round->after.searches[AU_SEARCH_GROUPS].proved;
	int rc = 0;

	if (proved != round->before.searches[AU_SEARCH_GROUPS].proved)
		rc = au_store_reread_done(tx, round->source, proved, err);
	if (rc == 0)
		rc = save_wishes(tx, round, round->rereads, err);
	return rc < 0 ? rc : save_wishes(tx, round, round->rereads_later, err);
}

static bool
is_same_row(const struct au_source_row *a, const struct au_source_row *b)
{
	return a->state == b->state && a->complete == b->complete && a->complete_ms == b->complete_ms &&
	       a->drift == b->drift && au_streq(a->text, b->text);
}

static int
save_row(struct au_store_tx *tx, struct au_round *round, struct au_err *err)
{
	struct au_str text = AU_STR_INIT;
	struct au_source_row old = { 0 }, row = { .name = round->source,
		.complete = au_verdict_is_complete(&round->after),
		.complete_ms = au_verdict_complete_ms(&round->after),
		.drift = round->after.drift };

	row.state = au_verdict_state(&round->after, &round->link, round->source, &text);
	row.text = text.len > 0 ? text.data : NULL;
	int rc = au_store_source_verdict(tx, round->arena, round->source, &old, err);
	if (rc == AU_ENOENT || (rc == 0 && !is_same_row(&old, &row)))
		rc = au_store_source_put(tx, &row, err);
	/* What waited for the source's word to be whole may go on. */
	round->changed |= old.state != row.state || old.complete != row.complete;
	au_str_done(&text);
	return rc;
}

int
au_round_load(struct au_store_tx *tx, struct au_arena *arena, const char *source, struct au_source_now *ret,
    const char *ret_cookies[AU_SEARCHES], struct au_err *err)
{
	struct au_source_now now = { 0 };
	struct au_source_row row = { 0 };
	int rc = au_store_source_verdict(tx, arena, source, &row, err);

	if (rc < 0 && rc != AU_ENOENT)
		return rc;
	now.drift = row.drift;
	rc = get_number(tx, arena, source, "generation", &now.generation, err);
	if (rc == 0)
		rc = get_number(tx, arena, source, "paused", &now.paused, err);
	if (rc == 0)
		rc = au_store_entry_next_due(tx, source, &now.expires_ms, err);
	for (int i = 0; rc == 0 && i < AU_SEARCHES; i++) {
		struct au_search_now *search = &now.searches[i];
		for (size_t k = 0; rc == 0 && k < AU_COUNT(kept); k++)
			rc = get_number(tx, arena, source, kept_name(arena, i, k), kept_number(search, k), err);
		/* Of a store that knew one kind of doubt only. */
		if (search->doomed > 0 && search->doubt == AU_DOUBT_NONE)
			search->doubt = AU_DOUBT_ENTRIES;
		if (rc == 0)
			rc = au_store_cookie_get(tx, arena, source, au_search_name(i), &ret_cookies[i], err);
		/* Broken off in the middle, and not known to be whole since. */
		search->pushed.is_open = !row.complete;
		search->generation = now.generation;
	}
	if (rc == 0)
		*ret = now;
	return rc;
}

/* ---- the work ---- */

static void
free_map(struct au_map **map)
{
	au_map_free(*map, NULL);
}

static int
apply_units(struct au_apply *apply, struct au_round *round, struct au_err *err)
{
	AU_CLEANUP(free_map) struct au_map *none = au_map_new();

	for (struct au_unit *unit = round->units; unit != NULL && apply->budget > 0; unit = unit->next) {
		int rc = au_apply_unit(apply, unit, err);
		if (rc <= 0)
			return rc;
		round->applied++;
		apply->answers = none; /* they were the first one's */
	}
	return 0;
}

/* Before anything is read, a canary that is not there says little. */
static int
doubt_lost(struct au_apply *apply, const struct au_round *round, struct au_err *err)
{
	int rc = 0;

	for (int i = 0; rc == 0 && i < AU_SEARCHES; i++) {
		const struct au_search_now *search = &apply->now->searches[i];
		if (round->is_lost[i] && search->whole_ms > 0 && !au_reading_is_suspect(search))
			rc = au_doubt_canary_lost(apply, i, err);
	}
	return rc;
}

int
au_round_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_round *round = arg;

	au_map_free(round->rereads, NULL);
	au_map_free(round->rereads_later, NULL);
	au_arena_free(round->arena);
	round->rereads = au_map_new();
	round->rereads_later = au_map_new();
	json_decref(round->unseen);
	round->unseen = json_array();
	if (round->surprises == NULL)
		round->surprises = au_surprises_new();
	round->arena = au_arena_new();
	round->after = round->before;
	round->applied = 0;
	round->changed = false;
	struct au_apply apply = { .tx = tx,
		.arena = round->arena,
		.source = round->source,
		.actor = round->actor,
		.now = &round->after,
		.trust = &round->trust,
		.approved = round->approved,
		.answers = round->answers,
		.budget = AU_APPLY_BUDGET,
		.seen = round->seen,
		.surprises = round->surprises,
		.unseen = round->unseen,
		.rereads = round->rereads,
		.rereads_later = round->rereads_later };
	int rc = doubt_lost(&apply, round, err);
	if (rc == 0)
		rc = apply_units(&apply, round, err);
	if (rc == 0)
		rc = au_expiry_run(&apply, err);
	if (rc == 0)
		rc = save_numbers(tx, round, err);
	if (rc == 0)
		rc = save_rereads(tx, round, err);
	if (rc == 0)
		rc = save_row(tx, round, err);
	memcpy(round->used_approval, apply.used_approval, sizeof(round->used_approval));
	round->changed |= apply.changed;
	round->put_answers = apply.put_answers;
	round->questions = apply.questions;
	round->question_count = apply.question_count;
	return rc;
}

int
au_round_put_paused(
    struct au_store_tx *tx, struct au_arena *arena, const char *source, bool is_paused, struct au_err *err)
{
	int rc = put_number(tx, arena, source, "paused", is_paused, err);

	return rc < 0 || is_paused ? rc : au_store_refusal_put(tx, "source", source, NULL, err);
}

int
au_round_holds(struct au_store_tx *tx, struct au_arena *arena, const char *source, bool *ret, struct au_err *err)
{
	bool holds = false;
	int rc = 0;

	for (int i = 0; rc == 0 && i < AU_SEARCHES; i++) {
		long long doubt = AU_DOUBT_NONE;
		rc = get_number(tx, arena, source, au_arena_printf(arena, "%s.doubt", au_search_name(i)), &doubt, err);
		holds |= doubt != AU_DOUBT_NONE;
	}
	if (rc == 0)
		*ret = holds;
	return rc;
}
