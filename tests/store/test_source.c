/* SPDX-License-Identifier: ISC */
/* What is kept of sources, their cookies, dirty keys and small named values. */
#include "tests/store/help.h"

#include "store/apiuser.h"
#include "store/fact.h"

#include <stdio.h>

static void
source_row_is_kept_and_counts_its_entries(void **state)
{
	struct fixture *f = *state;
	struct au_source_row in = { .name = "corp",
		.state = AU_SOURCE_QUARANTINE,
		.text = "empty answer",
		.complete = true,
		.complete_ms = 123456789012,
		.drift = 3,
		.entries = 99,
		.groups = 99 },
			     out;
	struct au_entry person = { .source = "corp", .id = "1", .kind = AU_ENTRY_PERSON },
			group = { .source = "corp", .id = "2", .kind = AU_ENTRY_GROUP },
			elsewhere = { .source = "archive", .id = "1", .kind = AU_ENTRY_PERSON };
	assert_ok(f, au_store_entry_put(f->tx, &person, NULL, 0, NULL, &f->err));
	assert_ok(f, au_store_entry_put(f->tx, &group, NULL, 0, NULL, &f->err));
	assert_ok(f, au_store_entry_put(f->tx, &elsewhere, NULL, 0, NULL, &f->err));
	assert_ok(f, au_store_source_put(f->tx, &in, &f->err));
	assert_ok(f, au_store_source_get(f->tx, f->arena, "corp", &out, &f->err));
	assert_string_equal(out.name, "corp");
	assert_int_equal(out.state, AU_SOURCE_QUARANTINE);
	assert_string_equal(out.text, "empty answer");
	assert_true(out.complete);
	assert_int_equal(out.complete_ms, 123456789012);
	assert_int_equal(out.drift, 3);
	assert_int_equal(out.entries, 1);
	assert_int_equal(out.groups, 1);
}

static void
source_verdict_leaves_the_counts_alone(void **state)
{
	struct fixture *f = *state;
	struct au_source_row in = { .name = "corp",
		.state = AU_SOURCE_SUSPECT,
		.text = "half is gone",
		.complete = true,
		.complete_ms = 123456789012,
		.drift = 3 },
			     out = { .entries = 77, .groups = 7 };
	struct au_entry person = { .source = "corp", .id = "1", .kind = AU_ENTRY_PERSON };
	assert_ok(f, au_store_entry_put(f->tx, &person, NULL, 0, NULL, &f->err));
	assert_int_equal(au_store_source_verdict(f->tx, f->arena, "corp", &out, &f->err), AU_ENOENT);
	assert_ok(f, au_store_source_put(f->tx, &in, &f->err));
	assert_ok(f, au_store_source_verdict(f->tx, f->arena, "corp", &out, &f->err));
	assert_string_equal(out.name, "corp");
	assert_int_equal(out.state, AU_SOURCE_SUSPECT);
	assert_string_equal(out.text, "half is gone");
	assert_true(out.complete);
	assert_int_equal(out.complete_ms, 123456789012);
	assert_int_equal(out.drift, 3);
	assert_int_equal(out.entries, 77);
	assert_int_equal(out.groups, 7);
}

static void
source_put_again_changes_the_row(void **state)
{
	struct fixture *f = *state;
	struct au_source_row row = { .name = "corp", .state = AU_SOURCE_STALE, .text = "no answer", .complete = true },
			     *list;
	size_t count = 0;
	assert_ok(f, au_store_source_put(f->tx, &row, &f->err));
	row = (struct au_source_row){ .name = "corp", .state = AU_SOURCE_OK };
	assert_ok(f, au_store_source_put(f->tx, &row, &f->err));
	row.name = "archive";
	assert_ok(f, au_store_source_put(f->tx, &row, &f->err));
	assert_ok(f, au_store_source_list(f->tx, f->arena, &list, &count, &f->err));
	assert_int_equal(count, 2);
	assert_string_equal(list[0].name, "archive");
	assert_string_equal(list[1].name, "corp");
	assert_int_equal(list[1].state, AU_SOURCE_OK);
	assert_null(list[1].text);
	assert_false(list[1].complete);
	assert_int_equal(au_store_source_get(f->tx, f->arena, "nowhere", &row, &f->err), AU_ENOENT);
}

static void
every_state_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int a = AU_SOURCE_NEW; a <= AU_SOURCE_QUARANTINE; a++)
		for (int b = AU_SOURCE_NEW; b < a; b++)
			assert_string_not_equal(au_source_state_name((enum au_source_state)a),
			    au_source_state_name((enum au_source_state)b));
	assert_string_equal(au_source_state_name((enum au_source_state)77), "unknown");
}

static void
cookie_is_kept_per_source_and_search(void **state)
{
	struct fixture *f = *state;
	const char *cookie = "untouched";
	assert_ok(f, au_store_cookie_put(f->tx, "corp", "people", "rid=1", &f->err));
	assert_ok(f, au_store_cookie_put(f->tx, "corp", "groups", "rid=2", &f->err));
	assert_ok(f, au_store_cookie_put(f->tx, "corp", "people", "rid=3", &f->err));
	assert_ok(f, au_store_cookie_get(f->tx, f->arena, "corp", "people", &cookie, &f->err));
	assert_string_equal(cookie, "rid=3");
	assert_ok(f, au_store_cookie_get(f->tx, f->arena, "archive", "people", &cookie, &f->err));
	assert_null(cookie);
	assert_ok(f, au_store_cookie_put(f->tx, "corp", "people", NULL, &f->err));
	assert_ok(f, au_store_cookie_get(f->tx, f->arena, "corp", "people", &cookie, &f->err));
	assert_null(cookie);
	assert_ok(f, au_store_cookie_get(f->tx, f->arena, "corp", "groups", &cookie, &f->err));
	assert_string_equal(cookie, "rid=2");
}

static void
dirty_keys_come_once_and_oldest_first(void **state)
{
	struct fixture *f = *state;
	const char **keys = NULL;
	size_t count = 0;
	long long left = 0;
	for (const char *const *key = (const char *const[]){ "z", "a", "m", "z", "a", NULL }; *key; key++)
		assert_ok(f, au_store_dirty_mark(f->tx, *key, &f->err));
	assert_ok(f, au_store_dirty_count(f->tx, &left, &f->err));
	assert_int_equal(left, 3);
	assert_ok(f, au_store_dirty_take(f->tx, f->arena, 2, &keys, &count, &f->err));
	assert_int_equal(count, 2);
	assert_string_equal(keys[0], "z");
	assert_string_equal(keys[1], "a");
	assert_ok(f, au_store_dirty_mark(f->tx, "z", &f->err)); /* anew: behind the rest */
	assert_ok(f, au_store_dirty_take(f->tx, f->arena, 10, &keys, &count, &f->err));
	assert_int_equal(count, 2);
	assert_string_equal(keys[0], "m");
	assert_string_equal(keys[1], "z");
	assert_ok(f, au_store_dirty_take(f->tx, f->arena, 10, &keys, &count, &f->err));
	assert_int_equal(count, 0);
}

static void
marking_all_marks_entries_and_api_users(void **state)
{
	struct fixture *f = *state;
	struct au_entry person = { .source = "corp", .id = "1", .kind = AU_ENTRY_PERSON, .mail = "ada@example.org" },
			group = { .source = "corp", .id = "2", .kind = AU_ENTRY_GROUP };
	struct au_apiuser gone = { .id = "u1", .key = "gone@example.org" },
			  both = { .id = "u2", .key = "ada@example.org" };
	const char **keys = NULL;
	size_t count = 0;
	assert_ok(f, au_store_entry_put(f->tx, &person, NULL, 0, NULL, &f->err));
	assert_ok(f, au_store_entry_put(f->tx, &group, NULL, 0, NULL, &f->err));
	assert_ok(f, au_store_apiuser_put(f->tx, &gone, &f->err));
	assert_ok(f, au_store_apiuser_put(f->tx, &both, &f->err));
	assert_ok(f, au_store_dirty_take(f->tx, f->arena, 10, &keys, &count, &f->err));
	assert_ok(f, au_store_dirty_mark_all(f->tx, &f->err));
	assert_ok(f, au_store_dirty_take(f->tx, f->arena, 10, &keys, &count, &f->err));
	assert_int_equal(count, 2);
	assert_string_equal(keys[0], "ada@example.org");
	assert_string_equal(keys[1], "gone@example.org");
}

static void
keys_of_entries_and_api_users_are_paged_in_order(void **state)
{
	struct fixture *f = *state;
	static const char *const entry_keys[] = { "b", "d", "b", "f", "b" }, *const user_keys[] = { "a", "b", "e",
		"g" };
	const char **keys = NULL, *after = "", *joined = "";
	size_t count = 0;
	for (size_t i = 0; i < AU_COUNT(entry_keys); i++) {
		struct au_entry person = { .source = "corp",
			.id = au_arena_printf(f->arena, "%zu", i),
			.kind = AU_ENTRY_PERSON,
			.key = entry_keys[i] };
		assert_ok(f, au_store_entry_put(f->tx, &person, NULL, 0, NULL, &f->err));
	}
	for (size_t i = 0; i < AU_COUNT(user_keys); i++) {
		struct au_apiuser user = { .id = user_keys[i], .key = user_keys[i] };
		assert_ok(f, au_store_apiuser_put(f->tx, &user, &f->err));
	}
	do {
		assert_ok(f, au_store_key_list(f->tx, f->arena, after, 2, &keys, &count, &f->err));
		for (size_t i = 0; i < count; i++)
			joined = au_arena_printf(f->arena, "%s%s", joined, after = keys[i]);
	} while (count > 0);
	assert_string_equal(joined, "abdefg");
}

static void
named_value_is_as_last_put(void **state)
{
	struct fixture *f = *state;
	const char *value = "untouched";
	assert_ok(f, au_store_meta_get(f->tx, f->arena, "digest", &value, &f->err));
	assert_null(value);
	assert_ok(f, au_store_meta_put(f->tx, "digest", "one", &f->err));
	assert_ok(f, au_store_meta_put(f->tx, "digest", "two", &f->err));
	assert_ok(f, au_store_meta_get(f->tx, f->arena, "digest", &value, &f->err));
	assert_string_equal(value, "two");
}

#define SOURCE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_tx, tear_down_tx)
static const struct CMUnitTest source[] = {
	SOURCE_TEST(source_row_is_kept_and_counts_its_entries),
	SOURCE_TEST(source_verdict_leaves_the_counts_alone),
	SOURCE_TEST(source_put_again_changes_the_row),
	SOURCE_TEST(every_state_has_a_name_of_its_own),
	SOURCE_TEST(cookie_is_kept_per_source_and_search),
	SOURCE_TEST(dirty_keys_come_once_and_oldest_first),
	SOURCE_TEST(marking_all_marks_entries_and_api_users),
	SOURCE_TEST(keys_of_entries_and_api_users_are_paged_in_order),
	SOURCE_TEST(named_value_is_as_last_put),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(source);
}
