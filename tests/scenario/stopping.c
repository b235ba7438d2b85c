/* SPDX-License-Identifier: ISC */
/* The words of operators, by the same work as the control socket's. */
#include "tests/scenario/stopping.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/when.h"
#include "reconcile/engine_parts.h"
#include "reconcile/single.h"
#include "store/audit.h"
#include "store/trouble.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AUDIT_MOST 100000

void
do_work(struct scenario *s, au_store_work *work, void *arg)
{
	struct au_err err = { 0 };

	if (au_store_run(s->store, work, arg, &err) < 0)
		complain(s, "%s", err.text);
}

void
pause_target(struct scenario *s, const char *target, const char *for_or_null)
{
	struct au_engine_pause_job job = {
		.target = target, .reason = "maintenance", .actor = "uid:0", .now_ms = au_clock_wall_ms()
	};
	long long ms = 0;

	if (for_or_null && au_duration_parse(for_or_null, &ms, NULL) < 0)
		complain(s, "not a duration: %s", for_or_null);
	if (for_or_null)
		job.until_ms = job.now_ms + ms;
	do_work(s, au_engine_pause_work, &job);
	au_engine_pause(s->engine, &job);
	rest(s, false);
}

void
resume_target(struct scenario *s, const char *target)
{
	struct au_engine_pause_job job = { .target = target, .actor = "uid:0", .now_ms = au_clock_wall_ms() };

	do_work(s, au_engine_resume_work, &job);
	au_engine_resume(s->engine, target);
	rest(s, false);
}

void
release_user(struct scenario *s, const char *user, const char *target)
{
	struct au_engine_release_job job = {
		.user = user, .target = target, .reason = "mended", .actor = "uid:0", .now_ms = au_clock_wall_ms()
	};

	do_work(s, au_engine_release_work, &job);
	rest(s, false);
}

static void
keep_said(struct scenario *s, json_t *json)
{
	free(s->said);
	s->said = json ? json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	json_decref(json);
}

static void
user_done(void *ctx, json_t *stages, const struct au_err *err)
{
	struct scenario *s = ctx;

	if (err)
		stages = json_pack("{ss}", "error", err->text);
	keep_said(s, stages);
	s->resting = true;
}

void
run_user(struct scenario *s, const char *user, const char *target_or_null, bool dry, bool fresh)
{
	struct au_single_order order = {
		.user = user, .target = target_or_null, .actor = "uid:0", .dry = dry, .fresh = fresh
	};
	struct au_single_progress progress = { .user = user, .target = target_or_null };

	s->resting = false;
	au_engine_single(s->engine, &order, user_done, s);
	while (!s->resting)
		event_base_loop(s->base, EVLOOP_ONCE);
	for (bool over = dry; !over;) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		progress.arena = arena;
		progress.open = NULL;
		progress.open_count = 0;
		do_work(s, au_engine_single_work, &progress);
		over = au_engine_single_is_over(s->engine, &progress);
		if (!over)
			event_base_loop(s->base, EVLOOP_ONCE);
	}
	json_decref(progress.steps);
}

struct adopting {
	struct scenario *s;
	struct au_err err;
};

static void
adopted(void *ctx, const struct au_adoption_shown *shown, const struct au_err *err)
{
	struct adopting *adopting = ctx;
	json_t *json;

	adopting->s->resting = true;
	if (err) {
		adopting->err = *err;
		return;
	}
	json = json_object();
	au_json_set_str(json, "login", shown->account->login);
	au_json_set_str(json, "unseen", shown->unseen);
	json_object_set(json, "plan", shown->plan);
	json_object_set(json, "frozen", shown->frozen);
	keep_said(adopting->s, json);
}

int
adopt_account(struct scenario *s, const struct au_adoption_order *order, struct au_err *err)
{
	struct adopting adopting = { .s = s };

	s->resting = false;
	au_engine_adopt(s->engine, order, adopted, &adopting);
	while (!s->resting)
		event_base_loop(s->base, EVLOOP_ONCE);
	if (err)
		*err = adopting.err;
	return adopting.err.code;
}

void
explain_user(struct scenario *s, const char *user, const char *target, const char *right_or_null)
{
	struct au_engine_explain_job job = { .user = user, .target = target, .right = right_or_null };

	au_engine_plan_init(s->engine, &job.plan);
	do_work(s, au_engine_explain_work, &job);
	au_engine_plan_done(&job.plan);
	keep_said(s, job.result);
}

void
expect_said(struct scenario *s, const char *text)
{
	if (!s->said || !strstr(s->said, text))
		complain(s, "'%s' is not in %s", text, s->said ? s->said : "nothing");
}

static void
read_beside(struct scenario *s, const char *file)
{
	const char *slash = strrchr(s->file, '/');
	AU_CLEANUP(au_freep)
	char *path = au_xasprintf("%.*s%s", slash ? (int)(slash - s->file + 1) : 0, s->file, file);

	replace_settings(s, path);
}

void
reload_settings(struct scenario *s, const char *file)
{
	read_beside(s, file);
	rest(s, false);
}

static void
followed(void *ctx, const struct au_engine_summary *summary)
{
	struct scenario *s = ctx;

	if (!summary->complete)
		complain(s, "the engine comes to no rest");
	s->resting = true;
}

void
reload_alone(struct scenario *s, const char *file)
{
	read_beside(s, file);
	s->resting = false;
	au_engine_follow(s->engine, 60000, followed, s);
	while (!s->resting)
		event_base_loop(s->base, EVLOOP_ONCE);
}

void
accept_settings(struct scenario *s)
{
	struct au_engine_accept_job job = { .actor = "uid:0" };

	au_engine_plan_init(s->engine, &job.plan);
	do_work(s, au_engine_accept_work, &job);
	au_engine_plan_done(&job.plan);
	rest(s, false);
}

static void
hurried(void *ctx, const struct au_engine_summary *summary)
{
	struct scenario *s = ctx;

	if (summary->complete)
		complain(s, "the run was complete before its time-out");
	s->resting = true;
}

void
apply_in_a_hurry(struct scenario *s)
{
	s->resting = false;
	au_engine_run(s->engine, true, 1000, hurried, s);
	au_clock_fake_advance(1000);
	while (!s->resting)
		event_base_loop(s->base, EVLOOP_ONCE);
	rest(s, false);
}

static const char *
target_word(struct scenario *s, struct au_arena *arena, const char *target, const char *member)
{
	const json_t *list = au_json_in_arena(arena, au_engine_targets_json(s->engine)), *item;
	size_t index;

	json_array_foreach ((json_t *)list, index, item)
		if (au_streq(au_json_get_str(item, "name"), target))
			return au_json_get_str(item, member);
	complain(s, "no target '%s'", target);
	return NULL;
}

void
expect_target_state(struct scenario *s, const char *target, const char *state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *got = target_word(s, arena, target, "state");

	if (!au_streq(got, state))
		complain(s, "target %s: wanted '%s', is '%s'", target, state, got ? got : "?");
}

void
expect_target_text(struct scenario *s, const char *target, const char *text)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *got = target_word(s, arena, target, "text");

	if (!got || !strstr(got, text))
		complain(s, "target %s: '%s' does not say '%s'", target, got ? got : "nothing", text);
}

struct reading {
	struct au_arena *arena;
	struct au_quarantined *quarantined;
	struct au_audit *rows;
	size_t quarantined_count, row_count;
};

static int
reading_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct reading *reading = arg;
	int rc = au_store_quarantined_list(
	    tx, reading->arena, 1000, &reading->quarantined, &reading->quarantined_count, err);

	return rc < 0 ? rc
		      : au_store_audit_list(tx, reading->arena, &(struct au_audit_filter){ 0 }, AUDIT_MOST,
			    &reading->rows, &reading->row_count, err);
}

void
expect_quarantined(struct scenario *s, long long count)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct reading reading = { .arena = arena };

	do_work(s, reading_work, &reading);
	if ((long long)reading.quarantined_count != count)
		complain(s, "quarantined: wanted %lld, got %zu", count, reading.quarantined_count);
}

void
note_audit(struct scenario *s)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct reading reading = { .arena = arena };

	do_work(s, reading_work, &reading);
	s->audit_from = reading.row_count ? reading.rows[0].seq : 0;
}

static void
compare(struct scenario *s, const struct reading *reading, const char *verb, long long counted)
{
	long long rows = 0;

	for (size_t i = 0; i < reading->row_count; i++)
		rows += reading->rows[i].seq > s->audit_from && au_streq(reading->rows[i].verb, verb);
	if (rows != counted)
		complain(s, "%s: %lld audit rows, but %lld were counted", verb, rows, counted);
}

void
expect_counters(struct scenario *s)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct reading reading = { .arena = arena };
	struct au_engine_tally tally;
	struct au_target_tally sum = { 0 }, one;

	do_work(s, reading_work, &reading);
	au_engine_tally(s->engine, &tally);
	for (size_t i = 0; i < au_engine_target_count(s->engine); i++) {
		au_engine_target_tally(s->engine, i, &one);
		sum.done += one.done;
		sum.failed += one.failed;
		sum.retried += one.retried;
	}
	compare(s, &reading, "step.queue", tally.queued);
	compare(s, &reading, "step.hold", tally.held);
	compare(s, &reading, "step.cancel", tally.cancelled);
	compare(s, &reading, "step.done", sum.done);
	compare(s, &reading, "step.fail", sum.failed);
	compare(s, &reading, "step.retry", sum.retried);
}
