/* SPDX-License-Identifier: ISC */
/* What is due for an account that nobody wants, for every way to leave and every kind of product. */
#include "reconcile/leave.h"

#include "base/str.h"
#include "tests/unit.h"

#include <string.h>

#define DAY 86400000LL
#define NOW (1000 * DAY)

/* How an account stands. */
static const struct au_account works = { .state = AU_ACCOUNT_PRESENT, .active = 1, .left_ms = NOW - 2 * DAY };
static const struct au_account just_left = { .state = AU_ACCOUNT_PRESENT, .active = 1 };
static const struct au_account off_short = {
	.state = AU_ACCOUNT_PRESENT, .active = 0, .left_ms = NOW - 2 * DAY, .disabled_ms = NOW - 2 * DAY
};
static const struct au_account off_long = {
	.state = AU_ACCOUNT_PRESENT, .active = 0, .left_ms = NOW - 9 * DAY, .disabled_ms = NOW - 7 * DAY
};
static const struct au_account off_unseen = {
	.state = AU_ACCOUNT_PRESENT, .active = -1, .left_ms = NOW - 9 * DAY, .disabled_ms = NOW - 7 * DAY
};
static const struct au_account off_before = { .state = AU_ACCOUNT_PRESENT, .active = 0, .left_ms = NOW - 9 * DAY };

static const struct row {
	const char *what;
	const struct au_account *account;
	enum au_leave leave;
	bool can_disable, can_delete;
	long long grace_ms;
	int op;
	long long at_ms;
	bool finding;
} rows[] = {
	{ "disable first", &works, AU_LEAVE_DISABLE_DELETE, true, true, 7 * DAY, AU_STEP_DISABLE, 0, false },
	{ "wait", &off_short, AU_LEAVE_DISABLE_DELETE, true, true, 7 * DAY, 0, NOW + 5 * DAY, false },
	{ "then delete", &off_long, AU_LEAVE_DISABLE_DELETE, true, true, 7 * DAY, AU_STEP_DELETE, 0, false },
	{ "status not told", &off_unseen, AU_LEAVE_DISABLE_DELETE, true, true, 7 * DAY, AU_STEP_DELETE, 0, false },
	{ "off, since when not written yet", &off_before, AU_LEAVE_DISABLE_DELETE, true, true, 7 * DAY, 0, 0, false },
	{ "no grace", &off_short, AU_LEAVE_DISABLE_DELETE, true, true, 0, AU_STEP_DELETE, 0, false },
	{ "cannot delete", &off_long, AU_LEAVE_DISABLE_DELETE, true, false, 7 * DAY, 0, 0, false },
	{ "cannot disable", &works, AU_LEAVE_DISABLE_DELETE, false, true, 0, 0, 0, true },
	{ "cannot disable, off by others", &off_long, AU_LEAVE_DISABLE_DELETE, false, true, 7 * DAY, AU_STEP_DELETE, 0,
	    false },
	{ "disable only", &works, AU_LEAVE_DISABLE, true, true, 0, AU_STEP_DISABLE, 0, false },
	{ "disabled for ever", &off_long, AU_LEAVE_DISABLE, true, true, 0, 0, 0, false },
	{ "delete at once", &just_left, AU_LEAVE_DELETE, true, true, 0, AU_STEP_DELETE, 0, false },
	{ "delete later", &just_left, AU_LEAVE_DELETE, true, true, 3 * DAY, 0, NOW + 3 * DAY, false },
	{ "delete when it is time", &works, AU_LEAVE_DELETE, false, true, 2 * DAY, AU_STEP_DELETE, 0, false },
	{ "delete impossible", &works, AU_LEAVE_DELETE, true, false, 0, 0, 0, true },
	{ "keep", &works, AU_LEAVE_KEEP, true, true, 0, 0, 0, false },
};

static void
each_way_to_leave_has_its_next_step(void **state)
{
	struct au_arena *arena = *state;

	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		const struct row *row = &rows[i];
		struct au_leave_rules rules = { .leave = row->leave,
			.can_disable = row->can_disable,
			.can_delete = row->can_delete,
			.product = "Fake",
			.grace_ms = row->grace_ms };
		struct au_leave_next next;
		au_leave_next(arena, &rules, row->account, NOW, &next);
		if ((int)next.op != row->op || next.at_ms != row->at_ms || (next.finding != NULL) != row->finding)
			fail_msg("%s: op %d, at %lld, finding '%s'", row->what, next.op, next.at_ms,
			    next.finding != NULL ? next.finding : "");
	}
}

/* Whatever is configured and whatever the product can do: only two words of the configuration ever delete, and only
 * one of them what works. */
static void
what_works_is_never_deleted_unless_the_configuration_says_so(void **state)
{
	static const struct au_account *const accounts[] = { &works, &just_left, &off_short, &off_long, &off_unseen };
	struct au_arena *arena = *state;

	for (unsigned i = 0; i < 4 * 4 * AU_COUNT(accounts); i++) {
		const struct au_account *account = accounts[i / 16];
		struct au_leave_rules rules = { .leave = (enum au_leave)(i % 4),
			.can_disable = i / 4 % 2 != 0,
			.can_delete = i / 8 % 2 != 0,
			.product = "Fake" };
		struct au_leave_next next;
		au_leave_next(arena, &rules, account, NOW, &next);
		if (next.op != AU_STEP_DELETE)
			continue;
		assert_true(rules.can_delete);
		assert_true(rules.leave == AU_LEAVE_DELETE || rules.leave == AU_LEAVE_DISABLE_DELETE);
		assert_true(rules.leave == AU_LEAVE_DELETE || account->disabled_ms != 0);
	}
}

static void
the_text_says_what_happens_instead(void **state)
{
	static const struct {
		enum au_leave leave;
		bool can_disable, can_delete, is_otherwise;
		long long grace_ms;
		const char *text;
	} texts[] = {
		{ AU_LEAVE_DISABLE_DELETE, true, true, false, 30 * DAY, "disabled at once and deleted 30d later" },
		{ AU_LEAVE_DISABLE_DELETE, true, false, true, 30 * DAY,
		    "disabled at once and never deleted, as Fake cannot delete accounts" },
		{ AU_LEAVE_DISABLE_DELETE, false, true, true, 30 * DAY,
		    "kept as it is, as Fake cannot disable accounts, and one that works is only deleted with leave = "
		    "\"delete\"" },
		{ AU_LEAVE_DISABLE, true, true, false, 0, "disabled at once and never deleted" },
		{ AU_LEAVE_DELETE, false, true, false, 0, "deleted at once" },
		{ AU_LEAVE_DELETE, false, true, false, 3 * DAY, "deleted after 3d, until when it works" },
		{ AU_LEAVE_KEEP, true, true, false, 0, "kept as it is" },
	};
	struct au_arena *arena = *state;

	for (size_t i = 0; i < AU_COUNT(texts); i++) {
		struct au_leave_rules rules = { .leave = texts[i].leave,
			.can_disable = texts[i].can_disable,
			.can_delete = texts[i].can_delete,
			.product = "Fake",
			.grace_ms = texts[i].grace_ms };
		assert_string_equal(au_leave_text(arena, &rules), texts[i].text);
		assert_int_equal(au_leave_is_otherwise(&rules), texts[i].is_otherwise);
	}
}

static int
set_up(void **state)
{
	*state = au_arena_new();
	return 0;
}

static int
tear_down(void **state)
{
	au_arena_free(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest leave[] = {
		cmocka_unit_test_setup_teardown(each_way_to_leave_has_its_next_step, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    what_works_is_never_deleted_unless_the_configuration_says_so, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_text_says_what_happens_instead, set_up, tear_down),
	};

	return cmocka_run_group_tests(leave, NULL, NULL);
}
