/* SPDX-License-Identifier: ISC */
/* The audit chain, and what becomes of it when somebody changes it behind our back. */
#include "tests/store/help.h"

#include "store/audit.h"
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
	return au_store_audit_verify(f->tx, ret_rows, &f->err);
}

static void
rows_are_listed_newest_first(void **state)
{
	struct fixture *f = *state;
	struct au_audit *list = NULL;
	size_t count = 0;
	write_rows(f);
	assert_ok(f, au_store_audit_list(f->tx, f->arena, NULL, 0, 2, &list, &count, &f->err));
	assert_int_equal(count, 2);
	assert_int_equal(list[0].seq, 5);
	assert_int_equal(list[0].at_ms, 1005);
	assert_string_equal(list[0].actor, "scim:okta");
	assert_string_equal(list[0].verb, "resource.add");
	assert_string_equal(list[0].object, "odd");
	assert_string_equal(list[0].detail, "{\"name\":\"Ada\"}");
	assert_int_equal(strlen(list[0].mac), 64);
	assert_int_equal(list[1].seq, 4);
	assert_ok(f, au_store_audit_list(f->tx, f->arena, NULL, 4, 10, &list, &count, &f->err));
	assert_int_equal(count, 3);
	assert_int_equal(list[0].seq, 3);
	assert_null(list[0].detail);
	assert_ok(f, au_store_audit_list(f->tx, f->arena, "even", 0, 10, &list, &count, &f->err));
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

#define AUDIT_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_tx, tear_down_tx)
static const struct CMUnitTest audit[] = {
	AUDIT_TEST(rows_are_listed_newest_first),
	AUDIT_TEST(untouched_chain_verifies),
	AUDIT_TEST(undone_work_leaves_no_gap),
	AUDIT_TEST(other_key_does_not_verify),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(audit);
}
