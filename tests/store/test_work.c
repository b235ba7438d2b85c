/* SPDX-License-Identifier: ISC */
/* Rows of work orders, and by whose word accounts are known. */
#include "tests/store/help.h"

#include "store/account.h"
#include "store/apiuser.h"
#include "store/evidence.h"
#include "store/step.h"
#include "store/work.h"

static struct au_work
work(const char *account_id, enum au_lane lane, long long due_ms)
{
	return (struct au_work){ .step = 5,
		.account_id = account_id,
		.apiuser_id = "u1",
		.target = "hr",
		.login = "crm",
		.op = AU_STEP_CREATE,
		.lane = lane,
		.state = AU_WORK_OPEN,
		.revision = 1,
		.digest = "d",
		.want = "{}",
		.text = "{\"title\":\"t\"}",
		.reason = "rule hr",
		.created_ms = 10,
		.changed_ms = 11,
		.due_ms = due_ms };
}

static long long
add(struct fixture *f, const struct au_work *row)
{
	long long id = 0;

	assert_ok(f, au_store_work_add(f->tx, row, &id, &f->err));
	assert_true(id > 0);
	return id;
}

static void
order_comes_back_as_it_was_put(void **state)
{
	struct fixture *f = *state;
	struct au_work row = work("a1", AU_LANE_SAFE, 50), got;

	row.id = add(f, &row);
	row.step = 0;
	row.state = AU_WORK_VERIFIED;
	row.revision = 4;
	row.claimer = "uid:1";
	row.claimer_name = "bob";
	row.claimed_ms = 12;
	row.doer = "uid:2";
	row.doer_name = "eve";
	row.done_ms = 13;
	row.second = "uid:3";
	row.second_name = "joe";
	row.evidence = "ticket 7";
	row.result = "{\"login\":\"x\"}";
	row.verified_by = "import of 2026-01-02";
	row.verified_ms = 14;
	row.replaces = 99;
	row.note = "because";
	assert_ok(f, au_store_work_update(f->tx, &row, &f->err));
	assert_ok(f, au_store_work_get(f->tx, f->arena, row.id, &got, &f->err));
	AU_CLEANUP(au_json_decrefp) json_t *put = au_work_to_json(&row);
	AU_CLEANUP(au_json_decrefp) json_t *back = au_work_to_json(&got);
	assert_true(json_equal(put, back));
	assert_string_equal(got.apiuser_id, "u1");
	assert_string_equal(got.digest, "d");
	assert_int_equal(au_store_work_get(f->tx, f->arena, 4711, &got, &f->err), AU_ENOENT);
	row.id = 4711;
	assert_int_equal(au_store_work_update(f->tx, &row, &f->err), AU_ENOENT);
}

static void
an_account_has_one_open_order(void **state)
{
	struct fixture *f = *state;
	struct au_work row = work("a1", AU_LANE_SAFE, 50), got;
	long long id;

	assert_int_equal(au_store_work_open_of(f->tx, f->arena, "a1", &got, &f->err), AU_ENOENT);
	row.id = add(f, &row);
	assert_int_not_equal(au_store_work_add(f->tx, &row, &id, &f->err), 0);
	assert_ok(f, au_store_work_open_of(f->tx, f->arena, "a1", &got, &f->err));
	assert_int_equal(got.id, row.id);
	row.state = AU_WORK_FULFILLED;
	assert_ok(f, au_store_work_update(f->tx, &row, &f->err));
	row.state = AU_WORK_OPEN;
	id = add(f, &row);
	assert_true(id > row.id);
}

static void
what_takes_away_comes_first_and_then_what_is_due(void **state)
{
	struct fixture *f = *state;
	struct au_work rows[] = { work("a1", AU_LANE_SAFE, 50), work("a2", AU_LANE_SAFE, 40),
		work("a3", AU_LANE_DESTRUCTIVE, 90), work("a4", AU_LANE_RESTRICT, 95), work("a5", AU_LANE_SAFE, 1) };
	static const char *const order[] = { "a3", "a4", "a2", "a1" };
	struct au_work *got = NULL;
	struct au_work_count *counts = NULL;
	size_t count = 0;

	rows[4].target = "sms";
	rows[3].state = AU_WORK_CLAIMED;
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		add(f, &rows[i]);
	assert_ok(f, au_store_work_due(f->tx, f->arena, "hr", 10, &got, &count, &f->err));
	assert_int_equal(count, AU_COUNT(order));
	for (size_t i = 0; i < count; i++)
		assert_string_equal(got[i].account_id, order[i]);
	assert_ok(f, au_store_work_due(f->tx, f->arena, NULL, 10, &got, &count, &f->err));
	assert_int_equal(count, 5);
	assert_ok(f, au_store_work_list(f->tx, f->arena, NULL, AU_WORK_CLAIMED, 10, &got, &count, &f->err));
	assert_int_equal(count, 1);
	assert_ok(f, au_store_work_list(f->tx, f->arena, "sms", (enum au_work_state)0, 10, &got, &count, &f->err));
	assert_int_equal(count, 1);
	assert_ok(f, au_store_work_older(f->tx, f->arena, "hr", 10, 10, &got, &count, &f->err));
	assert_int_equal(count, 0);
	assert_ok(f, au_store_work_older(f->tx, f->arena, "hr", 11, 10, &got, &count, &f->err));
	assert_int_equal(count, 4);
	assert_ok(f, au_store_work_counts(f->tx, f->arena, 50, &counts, &count, &f->err));
	assert_int_equal(count, 3);
	assert_string_equal(counts[0].target, "hr");
	assert_int_equal(counts[0].state, AU_WORK_OPEN);
	assert_int_equal(counts[0].count, 3);
	assert_int_equal(counts[0].oldest_ms, 10);
	assert_int_equal(counts[0].overdue, 1);
	assert_ok(f, au_store_work_get(f->tx, f->arena, 3, &rows[0], &f->err)); /* it is over, but was missed */
	rows[0].state = AU_WORK_EXPIRED;
	assert_ok(f, au_store_work_update(f->tx, &rows[0], &f->err));
	assert_ok(f, au_store_work_counts(f->tx, f->arena, 50, &counts, &count, &f->err));
	assert_int_equal(count, 4);
	assert_int_equal(counts[0].count, 2);
	assert_int_equal(counts[3].state, AU_WORK_EXPIRED);
	assert_int_equal(counts[3].count, 1);
	assert_int_equal(counts[3].overdue, 0);
}

static void
a_newer_word_replaces_an_older_one(void **state)
{
	struct fixture *f = *state;
	struct au_account account = {
		.id = "a1", .apiuser_id = "u1", .target = "hr", .login = "crm", .state = AU_ACCOUNT_PRESENT, .active = 1
	};
	struct au_evidence_row row = { "a1", AU_EVIDENCE_OPERATOR, 100, "uid:7", "eve", 3 }, got;
	struct au_evidence_age age = { 0 };

	assert_ok(f, au_store_apiuser_put(f->tx, &(struct au_apiuser){ .id = "u1", .key = "crm" }, &f->err));
	assert_ok(f, au_store_account_put(f->tx, &account, &f->err));
	assert_int_equal(au_store_evidence_get(f->tx, f->arena, "a1", &got, &f->err), AU_ENOENT);
	assert_ok(f, au_store_evidence_age(f->tx, "sms", 1, 2, &age, &f->err));
	assert_int_equal(age.accounts + age.stale + age.soon + age.oldest_ms, 0);
	assert_ok(f, au_store_evidence_age(f->tx, "hr", 1, 1, &age, &f->err));
	assert_int_equal(age.accounts, 1);
	assert_int_equal(age.stale, 1); /* nobody ever said anything of it */
	assert_int_equal(age.oldest_ms, 0);
	assert_ok(f, au_store_evidence_put(f->tx, &row, &f->err));
	row.kind = AU_EVIDENCE_IMPORT;
	row.at_ms = 200;
	assert_ok(f, au_store_evidence_put(f->tx, &row, &f->err));
	assert_ok(f, au_store_evidence_get(f->tx, f->arena, "a1", &got, &f->err));
	assert_int_equal(got.kind, AU_EVIDENCE_IMPORT);
	assert_int_equal(got.at_ms, 200);
	assert_int_equal(got.work, 3);
	assert_string_equal(got.name, "eve");
	assert_ok(f, au_store_evidence_age(f->tx, "hr", 200, 201, &age, &f->err));
	assert_int_equal(age.stale, 0);
	assert_int_equal(age.soon, 1);
	assert_int_equal(age.oldest_ms, 200);
	assert_ok(f, au_store_evidence_age(f->tx, "hr", 201, 300, &age, &f->err));
	assert_int_equal(age.stale, 1);
	assert_int_equal(age.soon, 0);
	assert_ok(f, au_store_account_remove(f->tx, "a1", &f->err));
	assert_int_equal(au_store_evidence_get(f->tx, f->arena, "a1", &got, &f->err), AU_ENOENT);
}

static void
tombstones_stay_for_a_while(void **state)
{
	struct fixture *f = *state;
	long long at_ms = -1;

	assert_ok(f, au_store_tombstone_get(f->tx, "hr", "7", &at_ms, &f->err));
	assert_int_equal(at_ms, 0);
	assert_ok(f, au_store_tombstone_put(f->tx, "hr", "7", "crm", 100, &f->err));
	assert_ok(f, au_store_tombstone_put(f->tx, "hr", "7", "crm", 110, &f->err));
	assert_ok(f, au_store_tombstone_expire(f->tx, "hr", 110, &f->err));
	assert_ok(f, au_store_tombstone_get(f->tx, "hr", "7", &at_ms, &f->err));
	assert_int_equal(at_ms, 110);
	assert_ok(f, au_store_tombstone_expire(f->tx, "hr", 111, &f->err));
	assert_ok(f, au_store_tombstone_get(f->tx, "hr", "7", &at_ms, &f->err));
	assert_int_equal(at_ms, 0);
}

static long long
next_of(struct fixture *f)
{
	struct au_step one = { .id = 0 }, other = { .id = 0 };
	int rc = au_store_step_next(f->tx, f->arena, "hr", AU_LANE_DESTRUCTIVE, 100, &one, NULL, &f->err);

	assert_int_equal(au_store_step_next_of(f->tx, f->arena, "a1", AU_LANE_DESTRUCTIVE, 100, &other, &f->err), rc);
	assert_int_equal(one.id, other.id);
	return one.id;
}

static long long
add_step(struct fixture *f, enum au_step_op op, enum au_lane lane, enum au_step_state state, long long next_ms)
{
	const struct au_step row = { .account_id = "a1",
		.apiuser_id = "u1",
		.target = "hr",
		.login = "crm",
		.op = op,
		.lane = lane,
		.state = state,
		.next_ms = next_ms,
		.want = "{}",
		.reason = "r" };
	long long id = 0;

	assert_ok(f, au_store_step_add(f->tx, &row, &id, &f->err));
	return id;
}

/* A person who is to give, and a try that failed for now, keep nobody from taking away; what takes away keeps everybody
 * else waiting while a person does it. */
static void
what_takes_away_waits_for_no_order_that_gives(void **state)
{
	struct fixture *f = *state;
	struct au_step change;
	long long gives, later, takes;

	gives = add_step(f, AU_STEP_SET_PROFILE, AU_LANE_SAFE, AU_STEP_WITH_PERSON, 0);
	later = add_step(f, AU_STEP_RESET_SECRET, AU_LANE_SAFE, AU_STEP_QUEUED, 50);
	assert_int_equal(next_of(f), 0);
	takes = add_step(f, AU_STEP_SET_RIGHTS, AU_LANE_RESTRICT, AU_STEP_QUEUED, 0);
	assert_int_equal(next_of(f), takes);
	assert_ok(f, au_store_step_get(f->tx, f->arena, takes, &change, &f->err));
	change.state = AU_STEP_WITH_PERSON;
	assert_ok(f, au_store_step_update(f->tx, &change, &f->err));
	assert_ok(f, au_store_step_get(f->tx, f->arena, gives, &change, &f->err));
	change.state = AU_STEP_CANCELLED;
	assert_ok(f, au_store_step_update(f->tx, &change, &f->err));
	assert_int_equal(next_of(f), 0); /* nor does what was queued before it go on under it */
	assert_int_not_equal(add_step(f, AU_STEP_DELETE, AU_LANE_DESTRUCTIVE, AU_STEP_QUEUED, 0), 0);
	assert_int_equal(next_of(f), 0); /* one after the other of those that take away */
	assert_ok(f, au_store_step_get(f->tx, f->arena, takes, &change, &f->err));
	change.state = AU_STEP_RUNNING;
	assert_ok(f, au_store_step_update(f->tx, &change, &f->err));
	assert_int_equal(next_of(f), 0);
	change.state = AU_STEP_DONE;
	assert_ok(f, au_store_step_update(f->tx, &change, &f->err));
	assert_int_not_equal(next_of(f), later); /* the deletion */
	assert_int_not_equal(next_of(f), 0);
}

/* What is with a person is open, and the account's next step waits for it. */
static void
a_step_with_a_person_blocks_its_account(void **state)
{
	struct fixture *f = *state;
	struct au_step row = { .account_id = "a1",
		.apiuser_id = "u1",
		.target = "hr",
		.login = "crm",
		.op = AU_STEP_CREATE,
		.lane = AU_LANE_SAFE,
		.state = AU_STEP_WITH_PERSON,
		.want = "{}",
		.reason = "r" };
	struct au_step got, *open = NULL;
	size_t count = 0;

	assert_ok(f, au_store_step_add(f->tx, &row, &row.id, &f->err));
	row.op = AU_STEP_SET_RIGHTS;
	row.state = AU_STEP_QUEUED;
	assert_ok(f, au_store_step_add(f->tx, &row, NULL, &f->err));
	assert_int_equal(
	    au_store_step_next(f->tx, f->arena, "hr", AU_LANE_DESTRUCTIVE, 100, &got, NULL, &f->err), AU_ENOENT);
	assert_int_equal(
	    au_store_step_next_of(f->tx, f->arena, "a1", AU_LANE_DESTRUCTIVE, 100, &got, &f->err), AU_ENOENT);
	assert_ok(f, au_store_step_open(f->tx, f->arena, "a1", &open, &count, &f->err));
	assert_int_equal(count, 2);
	row.state = AU_STEP_DONE;
	row.op = AU_STEP_CREATE;
	assert_ok(f, au_store_step_update(f->tx, &row, &f->err));
	assert_ok(f, au_store_step_next(f->tx, f->arena, "hr", AU_LANE_DESTRUCTIVE, 100, &got, NULL, &f->err));
	assert_int_equal(got.op, AU_STEP_SET_RIGHTS);
}

#define WORK_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_tx, tear_down_tx)
static const struct CMUnitTest orders[] = {
	WORK_TEST(order_comes_back_as_it_was_put),
	WORK_TEST(an_account_has_one_open_order),
	WORK_TEST(what_takes_away_comes_first_and_then_what_is_due),
	WORK_TEST(a_newer_word_replaces_an_older_one),
	WORK_TEST(tombstones_stay_for_a_while),
	WORK_TEST(a_step_with_a_person_blocks_its_account),
	WORK_TEST(what_takes_away_waits_for_no_order_that_gives),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(orders);
}
