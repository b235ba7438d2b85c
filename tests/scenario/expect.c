/* SPDX-License-Identifier: ISC */
/* Expectations: what a scenario says must have come of it. */
#include "tests/scenario/script.h"

#include "base/str.h"
#include "reconcile/engine.h"
#include "store/audit.h"
#include "store/fact.h"
#include "store/step.h"
#include "tests/scenario/stopping.h"

#include <stdio.h>
#include <string.h>

void
expect_calls(struct line *l)
{
	AU_CLEANUP(au_freep) char *want = NULL;
	struct au_str text = AU_STR_INIT;

	for (size_t i = 3; i < l->count; i++)
		au_str_printf(&text, "%s%s", i > 3 ? " " : "", l->words[i]);
	want = au_str_take(&text);
	const char *got = fake_target_calls(fake_of(l, l->words[2]));
	if (!au_streq(au_streq(want, "none") ? "" : want, got))
		complain(l->s, "calls to %s: wanted '%s', got '%s'", l->words[2], want, got);
	fake_target_reset_calls(fake_of(l, l->words[2]));
}

void
expect_account(struct line *l)
{
	const struct fake_account *account = fake_target_find(fake_of(l, l->words[2]), l->words[3]);
	const char *active = named(l, "active"), *rights = named(l, "rights"), *mail = named(l, "mail");

	if (!account) {
		complain(l->s, "no account '%s'", l->words[3]);
		return;
	}
	if (active && account->active != au_streq(active, "yes"))
		complain(l->s, "'%s' is %s", l->words[3], account->active ? "active" : "inactive");
	if (rights && !au_streq(rights, account->rights))
		complain(l->s, "'%s' has rights %s", l->words[3], account->rights);
	if (mail && !au_streq(mail, account->mail))
		complain(l->s, "'%s' has mail %s", l->words[3], account->mail);
	if (account->created > 1)
		complain(l->s, "'%s' was created %u times", l->words[3], account->created);
}

void
expect_no_account(struct line *l)
{
	if (fake_target_find(fake_of(l, l->words[2]), l->words[3]))
		complain(l->s, "unexpected account '%s'", l->words[3]);
}

struct counting {
	struct line *line;
	long long held, dirty;
	struct au_audit_verdict audit;
};

static int
count_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct counting *counting = arg;
	int rc = au_store_step_count(tx, AU_STEP_HELD, &counting->held, err);

	if (rc == 0)
		rc = au_store_dirty_count(tx, &counting->dirty, err);
	if (rc == 0)
		rc = au_store_audit_verify(tx, NULL, 0, &counting->audit, err);
	return rc;
}

struct holding {
	struct line *line;
	struct au_step *steps;
	size_t count;
};

static int
list_held(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct holding *holding = arg;

	return au_store_step_list(tx, holding->line->arena, AU_STEP_HELD, 1000, &holding->steps, &holding->count, err);
}

static struct holding
held_steps(struct line *l)
{
	struct holding holding = { .line = l };
	struct au_err err = { 0 };

	if (au_store_run(l->s->store, list_held, &holding, &err) < 0)
		complain(l->s, "%s", err.text);
	return holding;
}

/* "expect guard NAME TEXT": some held step has a guard of that name, whose words hold the text. */
void
expect_guard(struct line *l)
{
	struct holding held = held_steps(l);

	for (size_t i = 0; i < held.count; i++)
		if (strstr(held.steps[i].guards, l->words[2]) &&
		    (l->count < 4 || strstr(held.steps[i].guard, l->words[3])))
			return;
	complain(l->s, "no step is held by '%s'%s%s", l->words[2], held.count ? "; the first one: " : "",
	    held.count ? held.steps[0].guard : "");
}

void
expect_held(struct line *l)
{
	struct counting counting = { .line = l };
	struct au_err err = { 0 };
	long long want = strtoll(l->words[2], NULL, 10);

	if (au_store_run(l->s->store, count_work, &counting, &err) < 0)
		complain(l->s, "%s", err.text);
	if (counting.held != want)
		complain(l->s, "held: wanted %lld, got %lld", want, counting.held);
	struct holding held = held_steps(l);
	for (size_t i = 0; counting.held != want && i < held.count; i++)
		complain(
		    l->s, "  %s %s: %s", au_step_op_name(held.steps[i].op), held.steps[i].login, held.steps[i].guard);
}

/* "expect plan N": a dry run has N steps (held ones included), and it changes nothing that a second one would see. */
void
expect_plan(struct line *l)
{
	struct au_engine_plan_job job;
	struct au_err err = { 0 };

	au_engine_plan_init(l->s->engine, &job);
	if (au_store_run(l->s->store, au_engine_plan_work, &job, &err) < 0)
		complain(l->s, "%s", err.text);
	else if (job.plan->step_count != strtoul(l->words[2], NULL, 10))
		complain(l->s, "plan: wanted %s steps, got %zu (first: %s %s)", l->words[2], job.plan->step_count,
		    job.plan->step_count ? au_step_op_name(job.plan->steps[0].op) : "",
		    job.plan->step_count ? job.plan->steps[0].login : "");
	au_engine_plan_done(&job);
}

/* "expect finding TEXT": some finding of a dry run holds the text; "expect no-finding TEXT": none does. */
void
expect_finding(struct line *l)
{
	bool wanted = au_streq(l->words[1], "finding");
	struct au_engine_plan_job job;
	struct au_err err = { 0 };
	bool seen = false;

	au_engine_plan_init(l->s->engine, &job);
	if (au_store_run(l->s->store, au_engine_plan_work, &job, &err) < 0)
		complain(l->s, "%s", err.text);
	for (size_t i = 0; job.plan && i < job.plan->finding_count; i++)
		seen = seen || strstr(job.plan->findings[i].text, l->words[2]);
	if (seen != wanted)
		complain(l->s, "%s finding says '%s'", wanted ? "no" : "a", l->words[2]);
	au_engine_plan_done(&job);
}

void
expect_state(struct line *l)
{
	expect_target_state(l->s, l->words[2], l->words[3]);
}

void
expect_text(struct line *l)
{
	expect_target_text(l->s, l->words[2], l->words[3]);
}

void
expect_quarantine(struct line *l)
{
	expect_quarantined(l->s, strtoll(l->words[2], NULL, 10));
}
