/* SPDX-License-Identifier: ISC */
/* Where credentials come from and what stands behind them: what steps leave, what stays open, what it takes up. */
#include "reconcile/custody.h"
#include "tests/unit.h"

#include "base/str.h"
#include "reconcile/rotation.h"
#include "reconcile/seats.h"
#include "settings/rows.h"

#include <string.h>

#define DAY_MS (86400 * 1000LL)
#define NOW_MS (400 * DAY_MS)

static const struct au_opt legacy_opts[] = {
	{ .name = "old", .type = AU_LIST, .flags = AU_RENEW, .help = "Old ones." },
	AU_OPT_END,
};

static void
a_step_that_makes_a_credential_begins_its_custody(void **state)
{
	static const struct {
		enum au_step_op op;
		enum au_step_state step;
		const char *was, *is; /* the product's id before and after */
		bool begins, keeps_former;
	} rows[] = {
		{ AU_STEP_CREATE, AU_STEP_DONE, NULL, "7", true, false },
		{ AU_STEP_CREATE, AU_STEP_WITH_PERSON, NULL, "7", false, false },
		{ AU_STEP_CREATE, AU_STEP_FAILED, NULL, "7", false, false },
		{ AU_STEP_RESET_SECRET, AU_STEP_DONE, "7", "7", true, false },
		{ AU_STEP_RESET_SECRET, AU_STEP_DONE, "7", "8", true, true },
		{ AU_STEP_SET_RIGHTS, AU_STEP_DONE, "7", "7", false, false },
		{ AU_STEP_LOOKUP, AU_STEP_DONE, NULL, "7", true, false },
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		const struct au_step step = { .op = rows[i].op, .state = rows[i].step };
		const struct au_account before = { .remote_id = rows[i].was,
			.login = "crm",
			.mail = "crm@x",
			.active = 1,
			.rights = "{\"a\":[\"b\"]}" };
		struct au_account account = { .remote_id = rows[i].is,
			.state = AU_ACCOUNT_PRESENT,
			.custody = { .wanted_ms = 5, .wanted_why = "why" } };
		struct au_target_account former;

		au_custody_made(arena, &step, &before, &account, AU_ORIGIN_MAILED, "crm@x", NOW_MS);
		assert_int_equal(account.custody.since_ms, rows[i].begins ? NOW_MS : 0);
		assert_int_equal(account.custody.wanted_ms, rows[i].begins ? 0 : 5);
		assert_int_equal(au_custody_is_open(&account.custody), rows[i].begins);
		assert_int_equal(account.custody.former != NULL, rows[i].keeps_former);
		au_custody_former(arena, account.custody.former, &former);
		if (!rows[i].keeps_former) {
			assert_null(former.id);
			continue;
		}
		assert_string_equal(former.id, "7");
		assert_string_equal(former.mail, "crm@x");
		assert_string_equal(former.rights, "{\"a\":[\"b\"]}");
		assert_int_equal(former.active, 1);
	}
}

/* What an account leaves behind when it is gone is not forgotten with it. */
static void
the_account_before_outlives_the_one_that_came_in_its_place(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const struct au_step step = { .op = AU_STEP_DELETE, .state = AU_STEP_DONE };
	struct au_account account = { .state = AU_ACCOUNT_ABSENT,
		.custody = {
		    .origin = AU_ORIGIN_MAILED, .since_ms = 1, .confirmed_ms = 2, .former = "{\"id\":\"7\"}" } };

	(void)state;
	au_custody_made(arena, &step, &account, &account, AU_ORIGIN_MAILED, NULL, NOW_MS);
	assert_string_equal(account.custody.former, "{\"id\":\"7\"}");
	assert_int_equal(account.custody.origin, AU_ORIGIN_UNKNOWN);
	assert_int_equal(account.custody.confirmed_ms, 0);
}

static void
what_nobody_confirms_is_a_finding_after_a_while(void **state)
{
	static const struct {
		struct au_custody custody;
		const char *says; /* part of it; NULL = nothing */
	} rows[] = {
		{ { .origin = AU_ORIGIN_MAILED, .place = "a@b", .since_ms = NOW_MS - 8 * DAY_MS }, "'a@b' 8 days ago" },
		{ { .origin = AU_ORIGIN_MAILED, .place = "a@b", .since_ms = NOW_MS - 6 * DAY_MS }, NULL },
		{ { .origin = AU_ORIGIN_MAILED, .since_ms = NOW_MS - 8 * DAY_MS, .confirmed_ms = NOW_MS }, NULL },
		{ { .origin = AU_ORIGIN_PRODUCT, .since_ms = NOW_MS - 80 * DAY_MS }, NULL },
		{ { .origin = AU_ORIGIN_OURS, .since_ms = NOW_MS - 9 * DAY_MS, .former = "{}" }, "in the place of" },
		{ { .origin = AU_ORIGIN_UNKNOWN }, NULL },
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_target_block target = { .block = { .values = au_values_new(au_target_rows) } };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		const struct au_account account = { .custody = rows[i].custody };
		const char *says = au_custody_finding(arena, &target, &account, NOW_MS);

		assert_int_equal(says != NULL, rows[i].says != NULL);
		if (says)
			assert_non_null(strstr(says, rows[i].says));
	}
	au_values_free(target.block.values);
}

/* Its first credential was with a person when it left: it gets one when it comes back. */
static void
who_leaves_without_a_credential_wants_one(void **state)
{
	static const struct {
		enum au_step_op op;
		enum au_step_state step;
		bool wanted, marked;
	} rows[] = {
		{ AU_STEP_CREATE, AU_STEP_WITH_PERSON, false, true },
		{ AU_STEP_RESET_SECRET, AU_STEP_WITH_PERSON, false, true },
		{ AU_STEP_CREATE, AU_STEP_WITH_PERSON, true, false },
		{ AU_STEP_CREATE, AU_STEP_QUEUED, false, false },
		{ AU_STEP_SET_RIGHTS, AU_STEP_WITH_PERSON, false, false },
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const struct au_account account = { .state = AU_ACCOUNT_PRESENT };

	(void)state;
	assert_null(au_custody_unfinished(arena, NULL, NULL, 0, false, NOW_MS));
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		const struct au_step open = { .op = rows[i].op, .state = rows[i].step };
		const struct au_account *marked =
		    au_custody_unfinished(arena, &account, &open, 1, rows[i].wanted, NOW_MS);

		assert_int_equal(marked->custody.wanted_ms, rows[i].marked ? NOW_MS : 0);
		assert_int_equal(marked == &account, !rows[i].marked);
	}
}

/* Two accounts of one API user take twice, and one place among those that are made anew, until the first is gone. */
static void
two_accounts_of_one_take_twice(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const struct au_describe describe = { .caps = AU_CAP_RESET_SECRET | AU_CAP_RENEWS };
	struct au_pool_spec pools[] = {
		{ .row = { .name = "slots", .flags = AU_POOL_ACTIVE, .units = 1 } },
		{ .row = { .name = AU_POOL_RENEWALS } },
	};
	const struct au_target_block target = {
		.block = { .name = "hr" }, .describe = &describe, .pools = pools, .pool_count = AU_COUNT(pools)
	};
	struct au_account account = { .state = AU_ACCOUNT_PRESENT, .active = 1, .remote_id = "8" };
	const struct au_wanted wanted = { .wanted = true };
	struct au_step steps[] = { { .op = AU_STEP_RESET_SECRET }, { .op = AU_STEP_RETIRE } };
	const struct au_seat_facts facts = { .target = &target, .account = &account };
	struct au_seat seats[AU_COUNT(pools) + 1];

	(void)state;
	assert_int_equal(au_seats_count(arena, &facts, seats), 1);
	assert_int_equal(seats[0].held, 1);
	au_seats_claim(arena, &target, &account, &wanted, steps, 1);
	assert_string_equal(steps[0].takes, "{\"renewals\":1,\"slots\":1}");
	account.custody.former = "{\"active\":true,\"id\":\"7\"}";
	assert_int_equal(au_seats_count(arena, &facts, seats), 2);
	assert_int_equal(seats[0].held, 2);
	assert_int_equal(seats[1].held, 1);
	au_seats_claim(arena, &target, &account, &wanted, steps + 1, 1);
	assert_string_equal(steps[1].takes, "{\"renewals\":-1,\"slots\":-1}");
}

static void
accounts_are_made_anew_by_the_targets_list(void **state)
{
	const struct au_describe describe = { .caps = AU_CAP_RESET_SECRET, .instance_opts = legacy_opts };
	json_t *options = json_pack("{s:[s]}", "old", "old7");
	struct au_target_block target = { .describe = &describe, .options = options };
	struct au_account account = { .active = 1, .remote_id = "old7", .login = "crm" };
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	target.block.values = au_values_new(au_target_rows);
	assert_true(au_rotation_renews(&target, &account));
	assert_non_null(au_rotation_due(arena, &target, &account, NOW_MS));
	account.custody.former = "{}"; /* one after another */
	assert_null(au_rotation_due(arena, &target, &account, NOW_MS));
	account.custody.former = NULL;
	account.remote_id = "new8";
	assert_null(au_rotation_due(arena, &target, &account, NOW_MS));
	account.custody.wanted_ms = 1;
	account.custody.wanted_why = "ann: it was in a log";
	assert_non_null(strstr(au_rotation_due(arena, &target, &account, NOW_MS), "ann: it was in a log"));
	assert_false(au_rotation_renews(&target, &account));
	au_values_free(target.block.values);
	json_decref(options);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_step_that_makes_a_credential_begins_its_custody),
		cmocka_unit_test(the_account_before_outlives_the_one_that_came_in_its_place),
		cmocka_unit_test(what_nobody_confirms_is_a_finding_after_a_while),
		cmocka_unit_test(who_leaves_without_a_credential_wants_one),
		cmocka_unit_test(two_accounts_of_one_take_twice),
		cmocka_unit_test(accounts_are_made_anew_by_the_targets_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
