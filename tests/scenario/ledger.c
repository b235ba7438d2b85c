/* SPDX-License-Identifier: ISC */
/* Reads the store's ledgers and compares them with a scenario's words. */
#include "tests/scenario/script.h"

#include "base/clock.h"
#include "base/str.h"
#include "reconcile/capacity.h"
#include "store/pool.h"
#include "store/step.h"

#include <stdlib.h>
#include <string.h>

struct reading {
	struct au_arena *arena;
	const char *target;
	struct au_pool_row *pools;
	struct au_step *steps;
	size_t count, step_count;
};

static int
read_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct reading *r = arg;
	int rc = au_store_pool_list(tx, r->arena, r->target, &r->pools, &r->count, err);

	return rc < 0 ? rc : au_store_step_waiting(tx, r->arena, r->target, NULL, 100, &r->steps, &r->step_count, err);
}

static void
read_ledger(struct line *l, struct reading *ret)
{
	struct au_err err = { 0 };

	*ret = (struct reading){ .arena = l->arena, .target = l->words[2] };
	if (au_store_run(l->s->store, read_work, ret, &err) < 0)
		complain(l->s, "%s", err.text);
}

static void
compare_figure(struct scenario *s, const char *word, const char *name, long long is)
{
	size_t len = strlen(name);

	if (strncmp(word, name, len) == 0 && word[len] == '=' && strtoll(word + len + 1, NULL, 10) != is)
		complain(s, "wanted %s, got %lld", word, is);
}

/* "tell TARGET POOL [limit=N] [used=N]": what the target says of its pool when it is asked. */
void
do_tell(struct line *l)
{
	const char *limit = named(l, "limit"), *used = named(l, "used");

	fake_target_tell(fake_of(l, l->words[1]), l->words[2], limit ? strtoll(limit, NULL, 10) : -1,
	    used ? strtoll(used, NULL, 10) : -1);
}

/* "expect pool TARGET POOL NAME=N...": of limit, read, ours, others, reserved, waiting and free (left) those that are
 * named.
 */
void
expect_pool(struct line *l)
{
	struct reading r;

	read_ledger(l, &r);
	for (size_t i = 0; i < r.count; i++) {
		const struct au_pool_row *pool = &r.pools[i];
		for (size_t k = 4; au_streq(pool->name, l->words[3]) && k < l->count; k++) {
			compare_figure(l->s, l->words[k], "limit", au_capacity_limit(pool));
			compare_figure(l->s, l->words[k], "read", pool->limit_read);
			compare_figure(l->s, l->words[k], "ours", pool->ours);
			compare_figure(l->s, l->words[k], "others", pool->others);
			compare_figure(l->s, l->words[k], "reserved", pool->reserved);
			compare_figure(l->s, l->words[k], "waiting", pool->waiting);
			compare_figure(l->s, l->words[k], "free", au_capacity_left(pool, au_clock_wall_ms()));
		}
		if (au_streq(pool->name, l->words[3]))
			return;
	}
	complain(l->s, "no pool '%s'", l->words[3]);
}

/* "expect line TARGET LOGIN...": who waits, in order; "none" when nobody does. */
void
expect_line(struct line *l)
{
	AU_CLEANUP(au_str_done) struct au_str want = AU_STR_INIT;
	AU_CLEANUP(au_str_done) struct au_str got = AU_STR_INIT;
	struct reading r;

	read_ledger(l, &r);
	for (size_t i = 3; i < l->count; i++)
		au_str_printf(&want, "%s ", l->words[i]);
	for (size_t i = 0; i < r.step_count; i++)
		au_str_printf(&got, "%s ", r.steps[i].login);
	if (r.step_count == 0)
		au_str_put(&got, "none ");
	if (!au_streq(au_str_get(&want), au_str_get(&got)))
		complain(l->s, "line of %s: wanted %s, got %s", l->words[2], au_str_get(&want), au_str_get(&got));
}

static const char *
text_of_waiting(const struct au_step *step)
{
	return step->state == AU_STEP_WAITING ? step->guard : NULL;
}

static const char *
text_of_note(const struct au_step *step)
{
	return step->note;
}

static const char *
text_of_held(const struct au_step *step)
{
	return step->state == AU_STEP_HELD ? step->guard : NULL;
}

/* What a dry run says of a step of TARGET LOGIN has TEXT in it; "none": it says nothing there. */
static void
expect_of_step(struct line *l, const char *(*text_of)(const struct au_step *step))
{
	struct au_engine_plan_job job = { 0 };
	struct au_err err = { 0 };
	const char *text = "none";

	au_engine_plan_init(l->s->engine, &job);
	if (au_store_run(l->s->store, au_engine_plan_work, &job, &err) < 0)
		complain(l->s, "%s", err.text);
	for (size_t i = 0; job.plan && i < job.plan->step_count; i++) {
		const struct au_step *step = &job.plan->steps[i];
		if (au_streq(step->target, l->words[2]) && au_streq(step->login, l->words[3]) && text_of(step))
			text = text_of(step);
	}
	if (!strstr(text, l->words[4]))
		complain(l->s, "'%s' should %s '%s', got '%s'", l->words[3], l->words[1], l->words[4], text);
	au_engine_plan_done(&job);
}

/* "expect waits TARGET LOGIN TEXT": for what a step of that account waits. */
void
expect_waits(struct line *l)
{
	expect_of_step(l, text_of_waiting);
}

/* "expect note TARGET LOGIN TEXT": what a reader is told beforehand of a step of that account. */
void
expect_note(struct line *l)
{
	expect_of_step(l, text_of_note);
}

/* "expect held-as TARGET LOGIN TEXT": what holds a step of that account. */
void
expect_held_as(struct line *l)
{
	expect_of_step(l, text_of_held);
}

/* "expect what-if TEMPLATE MORE fit=N [full=POOL]": how many more with a template would come in, and what runs out. */
void
expect_what_if(struct line *l)
{
	struct au_engine_capacity_job job = { .template = l->words[2], .what_if = strtoll(l->words[3], NULL, 10) };
	struct au_err err = { 0 };
	const json_t *what_if;

	au_engine_plan_init(l->s->engine, &job.plan);
	if (au_store_run(l->s->store, au_engine_capacity_work, &job, &err) < 0)
		complain(l->s, "%s", err.text);
	what_if = json_object_get(job.result, "what_if");
	compare_figure(l->s, l->words[4], "fit", au_json_get_int(what_if, "fit"));
	if (!au_streq(named(l, "full"), au_json_get_str(what_if, "full")))
		complain(l->s, "'%s' runs out", au_json_get_str(what_if, "full"));
	json_decref(job.result);
	au_engine_plan_done(&job.plan);
}
