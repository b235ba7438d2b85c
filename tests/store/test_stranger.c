/* SPDX-License-Identifier: ISC */
/* Strangers, and what people do not want to hear of. */
#include "tests/store/help.h"

#include "store/stranger.h"

static void
put(struct fixture *f, const char *id, const char *login, int active, long long first_ms)
{
	struct au_stranger row = { .target = "room",
		.remote_id = id,
		.login = login,
		.label = "Label",
		.first_name = "First",
		.last_name = "Last",
		.mail = "m@example.org",
		.mark = "mark",
		.active = active,
		.rights = "{\"roles\":[1]}",
		.first_ms = first_ms };

	assert_ok(f, au_store_stranger_put(f->tx, &row, &f->err));
}

static void
a_stranger_is_kept_with_every_field_since_it_was_first_seen(void **state)
{
	struct fixture *f = *state;
	struct au_stranger out;

	put(f, "7", "Eve", 1, 100);
	put(f, "7", "Eva", 0, 200);
	assert_ok(f, au_store_stranger_named(f->tx, f->arena, "room", "eva", &out, &f->err));
	assert_string_equal(out.target, "room");
	assert_string_equal(out.remote_id, "7");
	assert_string_equal(out.login, "Eva");
	assert_string_equal(out.label, "Label");
	assert_string_equal(out.first_name, "First");
	assert_string_equal(out.last_name, "Last");
	assert_string_equal(out.mail, "m@example.org");
	assert_string_equal(out.mark, "mark");
	assert_string_equal(out.rights, "{\"roles\":[1]}");
	assert_int_equal(out.active, 0);
	assert_int_equal(out.first_ms, 100);
}

static void
a_name_is_found_in_any_case_unless_two_differ_in_case_alone(void **state)
{
	struct fixture *f = *state;
	struct au_stranger out;

	assert_int_equal(au_store_stranger_named(f->tx, f->arena, "room", "eve", &out, &f->err), AU_ENOENT);
	put(f, "7", "Eve", 1, 1);
	put(f, "8", "EVE", 1, 1);
	assert_ok(f, au_store_stranger_named(f->tx, f->arena, "room", "EVE", &out, &f->err));
	assert_string_equal(out.remote_id, "8");
	assert_int_equal(au_store_stranger_named(f->tx, f->arena, "room", "eve", &out, &f->err), AU_EEXIST);
	assert_int_equal(au_store_stranger_named(f->tx, f->arena, "tabs", "Eve", &out, &f->err), AU_ENOENT);
}

static void
strangers_come_in_pages_and_go_one_by_one(void **state)
{
	struct fixture *f = *state;
	struct au_stranger *page;
	size_t count;
	long long all;

	put(f, "1", "a", 1, 1);
	put(f, "2", "b", 1, 1);
	put(f, "3", "c", 1, 1);
	assert_ok(f, au_store_stranger_list(f->tx, f->arena, "room", "", 2, &page, &count, &f->err));
	assert_int_equal(count, 2);
	assert_ok(f, au_store_stranger_list(f->tx, f->arena, "room", page[1].remote_id, 2, &page, &count, &f->err));
	assert_int_equal(count, 1);
	assert_string_equal(page[0].login, "c");
	bool was_there = false;
	assert_ok(f, au_store_stranger_remove(f->tx, "room", "2", &was_there, &f->err));
	assert_true(was_there);
	assert_ok(f, au_store_stranger_remove(f->tx, "room", "2", &was_there, &f->err));
	assert_false(was_there);
	assert_ok(f, au_store_stranger_count(f->tx, "room", &all, &f->err));
	assert_int_equal(all, 2);
}

static void
what_is_ignored_is_known_by_name_in_any_case(void **state)
{
	struct fixture *f = *state;
	struct au_ignored row = {
		.target = "room", .login = "Root", .reason = "the vendor's", .actor = "uid:0", .at_ms = 5
	};
	struct au_ignored *out;
	size_t count;

	assert_ok(f, au_store_ignored_put(f->tx, &row, &f->err));
	row.login = "ROOT";
	row.reason = NULL;
	assert_ok(f, au_store_ignored_put(f->tx, &row, &f->err));
	assert_ok(f, au_store_ignored_list(f->tx, f->arena, &out, &count, &f->err));
	assert_int_equal(count, 1);
	assert_string_equal(out[0].target, "room");
	assert_string_equal(out[0].login, "ROOT");
	assert_null(out[0].reason);
	assert_string_equal(out[0].actor, "uid:0");
	assert_int_equal(out[0].at_ms, 5);
	assert_ok(f, au_store_ignored_remove(f->tx, "room", "root", &f->err));
	assert_int_equal(au_store_ignored_remove(f->tx, "room", "root", &f->err), AU_ENOENT);
}

#define STRANGER_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_tx, tear_down_tx)
static const struct CMUnitTest stranger[] = {
	STRANGER_TEST(a_stranger_is_kept_with_every_field_since_it_was_first_seen),
	STRANGER_TEST(a_name_is_found_in_any_case_unless_two_differ_in_case_alone),
	STRANGER_TEST(strangers_come_in_pages_and_go_one_by_one),
	STRANGER_TEST(what_is_ignored_is_known_by_name_in_any_case),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(stranger);
}
