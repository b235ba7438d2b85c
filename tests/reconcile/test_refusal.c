/* SPDX-License-Identifier: ISC */
/* Wishes that people rejected, and causes of losses: both are lines that an account keeps. */
#include "tests/unit.h"

#include "base/lines.h"
#include "base/mem.h"
#include "base/str.h"
#include "reconcile/cause.h"
#include "reconcile/refusal.h"

#include <string.h>

static const char *
lines(struct au_arena *arena, const char *one, const char *two)
{
	return au_lines_union(arena, au_lines_union(arena, NULL, one), two);
}

/* ---- refusals ---- */

static struct au_step
wish(enum au_step_op op, const char *want, long long id)
{
	return (
	    struct au_step){ .id = id, .op = op, .want = want, .apiuser_id = "u", .target = "room", .login = "ann" };
}

static void
a_rejected_wish_is_known_by_what_it_says(void **state)
{
	static const struct {
		enum au_step_op op;
		const char *want;
		bool is_kept; /* it was not rejected */
	} rows[] = {
		{ AU_STEP_DISABLE, "{\"active\":false}", false },
		{ AU_STEP_DELETE, "{\"active\":false}", true },
		{ AU_STEP_DISABLE, "{\"active\":true}", true },
		{ AU_STEP_SET_RIGHTS, "{\"rights\":{\"roles\":[]}}", false },
		{ AU_STEP_SET_RIGHTS, "{\"rights\":{\"roles\":[\"run\"]}}", true },
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_account account = { .id = "a" };
	struct au_step disable = wish(AU_STEP_DISABLE, "{\"active\":false}", 7);
	struct au_step lower = wish(AU_STEP_SET_RIGHTS, "{\"rights\":{\"roles\":[]}}", 9);

	(void)state;
	account.refused = au_refusal_add(arena, &account, &disable);
	account.refused = au_refusal_add(arena, &account, &lower);
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_plan_freep) struct au_plan *plan = au_plan_new();
		struct au_step step = wish(rows[i].op, rows[i].want, 0);
		au_plan_add(plan, &disable); /* what is before `first` is nobody's business */
		au_plan_add(plan, &step);
		const char *stays = au_refusal_apply(plan, 1, &account, true, arena);
		assert_int_equal(plan->step_count, rows[i].is_kept ? 2 : 1);
		assert_int_equal(plan->finding_count, rows[i].is_kept ? 0 : 1);
		if (rows[i].is_kept)
			assert_null(stays); /* no wish any more: nothing of it stays */
		else
			assert_non_null(strstr(plan->findings[0].text, "apiuserctl reopen"));
	}
}

static void
a_refusal_stays_while_it_is_not_sure_that_nobody_wishes_it(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_plan_freep) struct au_plan *plan = au_plan_new();
	struct au_account account = { .id = "a" };
	struct au_step disable = wish(AU_STEP_DISABLE, "{}", 7), erase = wish(AU_STEP_DELETE, "{}", 8);
	bool found = true;

	(void)state;
	assert_null(au_refusal_apply(plan, 0, &account, false, arena));
	account.refused = au_refusal_add(arena, &account, &disable);
	account.refused = au_refusal_add(arena, &account, &erase);
	assert_string_equal(au_refusal_apply(plan, 0, &account, false, arena), account.refused);
	assert_null(au_refusal_apply(plan, 0, &account, true, arena));
	/* Reopened by the number of its step. */
	assert_string_equal(au_refusal_without(arena, &account, 6, &found), account.refused);
	assert_false(found);
	account.refused = au_refusal_without(arena, &account, 7, &found);
	assert_true(found);
	assert_non_null(strstr(account.refused, " 8"));
	assert_null(au_refusal_without(arena, &account, 8, &found));
}

/* ---- causes ---- */

static void
a_loss_is_laid_to_the_rule_that_gave_it_and_holds_no_more(void **state)
{
	static struct au_rule rules[] = {
		{ .name = "run", .source = "corp", .group = "g-run", .template = "runner" },
		{ .name = "build", .source = "corp", .group = "g-build", .template = "builder" },
		{ .name = "far", .source = "corp", .group = "g-far", .template = "far" },
	};
	static struct au_template templates[] = {
		{ .name = "runner", .target = "room", .canonical = "{\"roles\":[\"run\"]}" },
		{ .name = "builder", .target = "room", .canonical = "{\"roles\":[\"build\"]}" },
		{ .name = "far", .target = "hall", .canonical = "{\"roles\":[\"build\"]}" },
	};
	static struct au_settings settings = { .rules = rules, .rule_count = AU_COUNT(rules) };
	static const struct au_policy policy = {
		.settings = &settings, .templates = templates, .template_count = AU_COUNT(templates)
	};
	static const struct {
		const char *one, *two; /* by which the account has something */
		const char *held;      /* still */
		const char *rights, *want, *cause;
	} rows[] = {
		{ "corp/g-run", "corp/g-build", "corp/g-run", "{\"roles\":[\"build\",\"run\"]}",
		    "{\"rights\":{\"roles\":[\"run\"]}}", "corp/g-build" },
		{ "corp/g-run", "corp/g-build", "corp/g-build", "{\"roles\":[\"build\",\"run\"]}",
		    "{\"rights\":{\"roles\":[\"build\"]}}", "corp/g-run" },
		/* It holds: a template gives less, or the target held more than it was given. */
		{ "corp/g-run", "corp/g-build", "corp/g-build", "{\"roles\":[\"build\",\"more\",\"run\"]}",
		    "{\"rights\":{\"roles\":[\"build\",\"run\"]}}", NULL },
		/* It holds no more, but had given something else. */
		{ "corp/g-run", "corp/g-run", NULL, "{\"roles\":[\"build\",\"run\"]}",
		    "{\"rights\":{\"roles\":[\"run\"]}}", NULL },
		/* It gave that in another target: here the configuration does not know it, so it may have been it. */
		{ "corp/g-far", "corp/g-far", NULL, "{\"roles\":[\"build\",\"run\"]}",
		    "{\"rights\":{\"roles\":[\"run\"]}}", "corp/g-far" },
		/* Gone from the configuration. */
		{ "corp/g-old", "corp/g-run", "corp/g-run", "{\"roles\":[\"build\",\"run\"]}",
		    "{\"rights\":{\"roles\":[\"run\"]}}", "corp/g-old" },
		/* Nothing is known of why it has it. */
		{ NULL, NULL, NULL, "{\"roles\":[\"run\"]}", "{\"rights\":{\"roles\":[]}}", NULL },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_plan_freep) struct au_plan *plan = au_plan_new();
		struct au_step step = wish(AU_STEP_SET_RIGHTS, rows[i].want, 0);
		const char *bases = rows[i].one ? lines(plan->arena, rows[i].one, rows[i].two) : NULL;
		const char *held = rows[i].held ? lines(plan->arena, rows[i].held, rows[i].held) : NULL;
		step.lane = AU_LANE_RESTRICT;
		au_plan_add(plan, &step);
		step.lane = AU_LANE_SAFE;
		au_plan_add(plan, &step);
		au_cause_note(plan, 0, &policy, rows[i].rights, bases, held);
		if (!au_streq(plan->steps[0].cause, rows[i].cause))
			fail_msg("row %zu: cause is '%s'", i, plan->steps[0].cause ? plan->steps[0].cause : "none");
		assert_null(plan->steps[1].cause);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rejected_wish_is_known_by_what_it_says),
		cmocka_unit_test(a_refusal_stays_while_it_is_not_sure_that_nobody_wishes_it),
		cmocka_unit_test(a_loss_is_laid_to_the_rule_that_gave_it_and_holds_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
