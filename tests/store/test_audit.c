/* SPDX-License-Identifier: ISC */
/* The audit chain, and what becomes of it when somebody changes it behind our back. */
#include "tests/store/help.h"

#include "store/audit.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/audit_end.h"

#include <string.h>

#define ROWS 5

static void
write_rows(struct fixture *f)
{
	json_t *detail = json_pack("{s:s}", "name", "Ada");
	for (int i = 1; i <= ROWS; i++)
		assert_ok(f, au_store_audit(f->tx, 1000 + i, "scim:okta", i % 2 ? "resource.add" : "resource.patch",
				 i % 2 ? "odd" : "even", i == 3 ? NULL : detail, &f->err));
	json_decref(detail);
}

static int
verify(struct fixture *f, long long *ret_rows)
{
	struct au_audit_verdict verdict = { 0 };
	int rc = au_store_audit_verify(f->tx, NULL, 0, &verdict, &f->err);
	if (rc == 0)
		*ret_rows = verdict.rows;
	return rc;
}

static void
rows_are_listed_newest_first(void **state)
{
	struct fixture *f = *state;
	struct au_audit *list = NULL;
	size_t count = 0;
	write_rows(f);
	assert_ok(f, au_store_audit_list(f->tx, f->arena, &(struct au_audit_filter){ 0 }, 2, &list, &count, &f->err));
	assert_int_equal(count, 2);
	assert_int_equal(list[0].seq, 5);
	assert_int_equal(list[0].at_ms, 1005);
	assert_string_equal(list[0].actor, "scim:okta");
	assert_string_equal(list[0].verb, "resource.add");
	assert_string_equal(list[0].object, "odd");
	assert_string_equal(list[0].detail, "{\"name\":\"Ada\"}");
	assert_int_equal(strlen(list[0].mac), 64);
	assert_int_equal(list[1].seq, 4);
	assert_ok(f, au_store_audit_list(f->tx, f->arena, &(struct au_audit_filter){ .before = 4 }, 10, &list, &count, &f->err));
	assert_int_equal(count, 3);
	assert_int_equal(list[0].seq, 3);
	assert_null(list[0].detail);
	assert_ok(f, au_store_audit_list(f->tx, f->arena, &(struct au_audit_filter){ .object = "even" }, 10, &list, &count, &f->err));
	assert_int_equal(count, 2);
	assert_int_equal(list[1].seq, 2);
}

static void
untouched_chain_verifies(void **state)
{
	struct fixture *f = *state;
	long long rows = -1;
	assert_ok(f, verify(f, &rows));
	assert_int_equal(rows, 0);
	write_rows(f);
	assert_ok(f, verify(f, &rows));
	assert_int_equal(rows, ROWS);
	commit_and_begin(f);
	write_rows(f);
	assert_ok(f, verify(f, &rows));
	assert_int_equal(rows, 2 * ROWS);
}

static void
undone_work_leaves_no_gap(void **state)
{
	struct fixture *f = *state;
	long long rows = -1;
	write_rows(f);
	assert_ok(f, au_audit_settle(f->tx, &f->err));
	assert_ok(f, f->backend->save(f->connection, &f->err));
	write_rows(f);
	assert_ok(f, f->backend->undo(f->connection, &f->err));
	au_audit_forget(f->tx->audit_end);
	write_rows(f);
	assert_ok(f, verify(f, &rows));
	assert_int_equal(rows, 2 * ROWS);
}

static void
other_key_does_not_verify(void **state)
{
	struct fixture *f = *state;
	long long rows = -1;
	unsigned char other[32];
	memcpy(other, test_audit_key, sizeof(other));
	other[31] ^= 1;
	write_rows(f);
	commit_and_begin(f);
	f->tx->audit_key = other;
	assert_int_equal(verify(f, &rows), AU_EINVAL);
	f->tx->audit_key = NULL;
	assert_int_equal(verify(f, &rows), AU_EINVAL);
	assert_int_equal(au_store_audit(f->tx, 1, "uid:0", "x", "y", NULL, &f->err), AU_EINVAL);
	f->tx->audit_key = test_audit_key;
	assert_ok(f, verify(f, &rows));
	assert_int_equal(rows, ROWS);
}

/* As many rows as the filter lets through, and the newest of them. */
static void
expect_rows(struct fixture *f, struct au_audit_filter filter, size_t count, long long first)
{
	struct au_audit *list = NULL;
	size_t found = 0;
	assert_ok(f, au_store_audit_list(f->tx, f->arena, &filter, 10, &list, &found, &f->err));
	assert_int_equal(found, count);
	if (count > 0)
		assert_int_equal(list[0].seq, first);
}

static void
rows_are_found_by_what_they_are_about(void **state)
{
	struct fixture *f = *state;
	struct au_apiuser user = { .id = "u-1", .key = "ada", .user_name = "ada" };
	struct au_account account = {
		.id = "a-1", .apiuser_id = "u-1", .target = "room", .login = "ada", .state = AU_ACCOUNT_PRESENT
	};
	json_t *told = json_pack("{s:s,s:s}", "target", "room", "user", "ada");
	assert_ok(f, au_store_apiuser_put(f->tx, &user, &f->err));
	assert_ok(f, au_store_account_put(f->tx, &account, &f->err));
	assert_ok(f, au_store_audit(f->tx, 10, "uid:0", "target.pause", "room", NULL, &f->err));
	assert_ok(f, au_store_audit(f->tx, 20, "target:room", "step.done", "a-1", NULL, &f->err));
	assert_ok(f, au_store_audit(f->tx, 30, "uid:07", "steps.done", "x", told, &f->err));
	assert_ok(f, au_store_audit(f->tx, 40, "uid:0", "apiuser.add", "u-1", NULL, &f->err));
	assert_ok(f, au_store_audit(f->tx, 50, "uidx", "client.add", "room-2", NULL, &f->err));
	json_decref(told);
	expect_rows(f, (struct au_audit_filter){ .target = "room" }, 3, 3);
	expect_rows(f, (struct au_audit_filter){ .user = "ada" }, 3, 4);
	expect_rows(f, (struct au_audit_filter){ .user = "ada", .target = "room" }, 2, 3);
	expect_rows(f, (struct au_audit_filter){ .actor = "uid" }, 3, 4);
	expect_rows(f, (struct au_audit_filter){ .actor = "uid:0" }, 2, 4);
	expect_rows(f, (struct au_audit_filter){ .verb = "step" }, 1, 2);
	expect_rows(f, (struct au_audit_filter){ .verb = "client.add" }, 1, 5);
	expect_rows(f, (struct au_audit_filter){ .since_ms = 20, .until_ms = 40 }, 2, 3);
	expect_rows(f, (struct au_audit_filter){ .after = 1, .before = 4, .oldest_first = true }, 2, 2);
	expect_rows(f, (struct au_audit_filter){ .user = "bob" }, 0, 0);
}

static void
one_row_is_shown_by_its_number(void **state)
{
	struct fixture *f = *state;
	struct au_audit row;
	write_rows(f);
	assert_ok(f, au_store_audit_get(f->tx, f->arena, 3, &row, &f->err));
	assert_int_equal(row.at_ms, 1003);
	assert_int_equal(au_store_audit_get(f->tx, f->arena, 6, &row, &f->err), AU_ENOENT);
}

/* ---- old rows ---- */

static void
old_rows_leave_a_chain_that_verifies(void **state)
{
	struct fixture *f = *state;
	struct au_audit_verdict verdict;
	long long rows = -1;
	write_rows(f);
	assert_ok(f, au_store_audit_prune(f->tx, 1001, 10, 9000, &rows, &f->err));
	assert_int_equal(rows, 0);
	assert_ok(f, au_store_audit_prune(f->tx, 1004, 2, 9000, &rows, &f->err));
	assert_int_equal(rows, 2);
	assert_ok(f, au_store_audit_prune(f->tx, 1004, 2, 9000, &rows, &f->err));
	assert_int_equal(rows, 1);
	assert_ok(f, au_store_audit_verify(f->tx, NULL, 0, &verdict, &f->err));
	assert_int_equal(verdict.removed, 3);
	assert_int_equal(verdict.rows, 4); /* two of before, two that tell of the removals */
	assert_int_equal(verdict.last, 7);
	expect_rows(f, (struct au_audit_filter){ .verb = "audit.prune" }, 2, 7);
	commit_and_begin(f);
	assert_ok(f, au_store_audit_prune(f->tx, 9001, 10, 9000, &rows, &f->err));
	assert_int_equal(rows, 4);
	assert_ok(f, verify(f, &rows));
	assert_int_equal(rows, 1);
}

/* A clock that was wrong for a while: what comes behind a row that is young is not old yet. */
static void
rows_behind_a_young_one_stay(void **state)
{
	struct fixture *f = *state;
	long long rows = -1;
	assert_ok(f, au_store_audit(f->tx, 10, "uid:0", "a.b", NULL, NULL, &f->err));
	assert_ok(f, au_store_audit(f->tx, 99, "uid:0", "a.b", NULL, NULL, &f->err));
	assert_ok(f, au_store_audit(f->tx, 20, "uid:0", "a.b", NULL, NULL, &f->err));
	assert_ok(f, au_store_audit_prune(f->tx, 50, 10, 100, &rows, &f->err));
	assert_int_equal(rows, 1);
	expect_rows(f, (struct au_audit_filter){ .verb = "a.b" }, 2, 3);
}

/* ---- anchors ---- */

static void
expect_broken(struct fixture *f, const struct au_audit_anchor *anchors, size_t count, const char *named)
{
	struct au_audit_verdict verdict;
	assert_int_equal(au_store_audit_verify(f->tx, anchors, count, &verdict, &f->err), AU_EINVAL);
	if (!strstr(f->err.text, named))
		fail_msg("'%s' is not in: %s", named, f->err.text);
}

static void
a_chain_is_held_to_its_anchors(void **state)
{
	struct fixture *f = *state;
	struct au_audit_anchor anchors[2];
	struct au_audit_verdict verdict;
	long long rows;
	write_rows(f);
	assert_ok(f, au_audit_settle(f->tx, &f->err));
	assert_ok(f, au_store_audit_end(f->tx, &anchors[0], &f->err));
	assert_int_equal(anchors[0].seq, ROWS);
	write_rows(f);
	assert_ok(f, au_audit_settle(f->tx, &f->err));
	assert_ok(f, au_store_audit_end(f->tx, &anchors[1], &f->err));
	assert_ok(f, au_store_audit_verify(f->tx, anchors, 2, &verdict, &f->err));
	assert_int_equal(verdict.anchors_met, 2);
	assert_int_equal(verdict.anchors_removed, 0);
	assert_ok(f, au_store_audit_prune(f->tx, 2000, ROWS + 1, 9000, &rows, &f->err));
	assert_ok(f, au_store_audit_verify(f->tx, anchors, 2, &verdict, &f->err));
	assert_int_equal(verdict.anchors_met, 1);
	assert_int_equal(verdict.anchors_removed, 1);
	anchors[1].mac[0] = anchors[1].mac[0] == 'a' ? 'b' : 'a';
	expect_broken(f, anchors, 2, "row 10 is not the one that was anchored");
	anchors[1].seq = 99;
	expect_broken(f, anchors, 2, "row 99 was anchored and is missing");
}

#define AUDIT_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_tx, tear_down_tx)
static const struct CMUnitTest audit[] = {
	AUDIT_TEST(rows_are_listed_newest_first),
	AUDIT_TEST(untouched_chain_verifies),
	AUDIT_TEST(undone_work_leaves_no_gap),
	AUDIT_TEST(other_key_does_not_verify),
	AUDIT_TEST(rows_are_found_by_what_they_are_about),
	AUDIT_TEST(one_row_is_shown_by_its_number),
	AUDIT_TEST(old_rows_leave_a_chain_that_verifies),
	AUDIT_TEST(rows_behind_a_young_one_stay),
	AUDIT_TEST(a_chain_is_held_to_its_anchors),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(audit);
}
