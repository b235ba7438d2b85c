/* SPDX-License-Identifier: ISC */
/* Steps that follow others: what is kept of them, and what people are told. */
#include "reconcile/follow.h"

#include "base/str.h"
#include "reconcile/engine_parts.h"
#include "store/step.h"
#include "store/step_wait.h"
#include "tests/scenario/script.h"
#include "tests/scenario/stopping.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

struct reading {
	struct line *line;
	struct au_step *steps; /* that follow */
	size_t count, rows;    /* and for how many accounts they wait together */
};

/* Whoever follows has a row for each of those whom it waits for, now and not only when it began. */
static int
read_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct reading *r = arg;
	struct line *l = r->line;
	int rc = au_store_step_list(tx, l->arena, AU_STEP_FOLLOWS, 1000, &r->steps, &r->count, err);

	r->rows = 0;
	for (size_t i = 0; rc == 0 && i < r->count; i++) {
		struct au_step_wait *rows = NULL;
		const char **rivals = NULL;
		size_t row_count = 0, rival_count = 0;
		rc = au_store_step_wait_of(tx, l->arena, r->steps[i].id, &rows, &row_count, err);
		if (rc == 0)
			rc = au_store_step_rivals(tx, l->arena, &r->steps[i], 100, &rivals, &rival_count, err);
		if (rc == 0)
			rc = au_follow_tell(tx, l->arena, l->s->engine->policy, &r->steps[i], err);
		if (row_count == 0 || row_count != rival_count)
			complain(l->s, "step %lld follows %zu accounts, and %zu are before it", r->steps[i].id,
			    row_count, rival_count);
		for (size_t k = 0; k < row_count; k++)
			if (rows[k].after >= r->steps[i].id && rows[k].after != 0) {
				struct au_step after;
				rc = au_store_step_get(tx, l->arena, rows[k].after, &after, err);
				if (rc == 0 && after.op == AU_STEP_CREATE)
					complain(l->s, "step %lld follows a younger create", r->steps[i].id);
			}
		r->rows += row_count;
	}
	return rc;
}

static struct reading
read_followers(struct line *l)
{
	struct reading r = { .line = l };
	struct au_err err = { 0 };

	if (au_store_run(l->s->store, read_work, &r, &err) < 0)
		complain(l->s, "%s", err.text);
	return r;
}

static const char *
planned_text(struct line *l, const char *target, const char *login)
{
	struct au_engine_plan_job job = { 0 };
	struct au_err err = { 0 };
	const char *text = NULL;

	au_engine_plan_init(l->s->engine, &job);
	if (au_store_run(l->s->store, au_engine_plan_work, &job, &err) < 0)
		complain(l->s, "%s", err.text);
	for (size_t i = 0; job.plan && i < job.plan->step_count; i++) {
		const struct au_step *step = &job.plan->steps[i];
		if (step->state == AU_STEP_FOLLOWS && au_streq(step->target, target) && au_streq(step->login, login))
			text = au_arena_strdup(l->arena, step->guard);
	}
	au_engine_plan_done(&job);
	return text;
}

/* "expect follows TARGET LOGIN TEXT": a step of that login follows, and says so; a dry run says the same. */
void
expect_follows(struct line *l)
{
	struct reading r = read_followers(l);
	const char *planned = planned_text(l, l->words[2], l->words[3]), *text = NULL;

	for (size_t i = 0; i < r.count; i++)
		if (au_streq(r.steps[i].target, l->words[2]) && au_streq(r.steps[i].login, l->words[3]))
			text = r.steps[i].guard;
	if (!text || !strstr(text, l->words[4]))
		complain(l->s, "'%s' should follow and say '%s', got '%s'", l->words[3], l->words[4],
		    text ? text : "nobody");
	if (!planned || !strstr(planned, l->words[4]))
		complain(l->s, "a plan should say of '%s': '%s', got '%s'", l->words[3], l->words[4],
		    planned ? planned : "nothing");
}

/* "expect foretold TARGET LOGIN TEXT": a dry run says so beforehand; nothing needs to be queued yet. */
void
expect_foretold(struct line *l)
{
	const char *planned = planned_text(l, l->words[2], l->words[3]);

	if (!planned || !strstr(planned, l->words[4]))
		complain(l->s, "a plan should say of '%s': '%s', got '%s'", l->words[3], l->words[4],
		    planned ? planned : "nothing");
}

/* "expect followers N": so many steps follow. */
void
expect_followers(struct line *l)
{
	struct reading r = read_followers(l);

	if (r.count != strtoul(l->words[2], NULL, 10))
		complain(l->s, "%zu steps follow others, for %zu accounts", r.count, r.rows);
}

/* ---- a plan that was saved ---- */

struct applying {
	bool answered, applied;
	char *text;
};

static void
answered(void *ctx, const json_t *result, const struct au_err *err)
{
	struct applying *applying = ctx;

	applying->applied = !err && au_json_get_bool(result, "applied", false);
	applying->text = err ? au_xstrdup(err->text) : au_json_canonical(result);
	applying->answered = true;
}

/* "save-and-apply": as `plan -o FILE` and `apply FILE`, one after the other; all of it must go on. */
void
do_save_and_apply(struct line *l)
{
	struct au_engine_plan_job job;
	struct applying applying = { 0 };

	au_engine_plan_init(l->s->engine, &job);
	job.save = true;
	job.actor = "uid:1";
	do_work(l->s, au_engine_plan_work, &job);
	const struct au_engine_apply apply = { .plan = job.saved, .timeout_ms = 60000, .actor = "uid:1" };
	au_engine_apply(l->s->engine, &apply, answered, &applying);
	while (!applying.answered)
		event_base_loop(l->s->base, EVLOOP_ONCE);
	if (!applying.applied)
		complain(l->s, "the saved plan was not applied: %s", applying.text);
	free(applying.text);
	au_engine_plan_done(&job);
}
