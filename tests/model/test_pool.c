/* SPDX-License-Identifier: ISC */
/* What accounts take of pools, and units as text. */
#include "model/pool.h"

#include "tests/unit.h"

#include <string.h>

static const char rights_text[] =
    "{\"apps\":[\"a\",\"b\"],\"lines\":3,\"roles\":[2,\"admin\"],\"kind\":\"full\",\"web\":true}";

static void
accounts_take_by_their_rights(void **state)
{
	static const struct {
		struct au_pool pool;
		bool active;
		long long units;
	} rows[] = {
		{ { .units = 1 }, true, 1 },
		{ { .units = 1 }, false, 1 },
		{ { .units = 1, .flags = AU_POOL_ACTIVE }, true, 1 },
		{ { .units = 1, .flags = AU_POOL_ACTIVE }, false, 0 },
		{ { .units = 1, .field = "rights.roles", .value = "admin" }, true, 1 },
		{ { .units = 1, .field = "rights.roles", .value = "2" }, true, 1 },
		{ { .units = 1, .field = "rights.roles", .value = "3" }, true, 0 },
		{ { .units = 4, .field = "rights.kind", .value = "full" }, true, 4 },
		{ { .units = 1, .field = "rights.kind", .value = "half" }, true, 0 },
		{ { .units = 1, .field = "rights.apps" }, true, 2 },
		{ { .units = 2, .field = "rights.lines" }, true, 6 },
		{ { .units = 1, .field = "rights.web" }, true, 1 },
		{ { .units = 1, .field = "rights.none" }, true, 0 },
		{ { .name = "stated", .units = 0 }, true, 5 },
		{ { .name = "stated", .units = 0, .flags = AU_POOL_ACTIVE }, false, 0 },
		{ { .name = "other", .units = 0 }, true, 0 },
	};
	struct au_take take = { "stated", 5 };
	struct au_takes stated = { &take, 1 };
	json_t *rights = NULL;

	(void)state;
	assert_int_equal(au_json_parse(rights_text, strlen(rights_text), AU_JSON_DEPTH, &rights, NULL), 0);
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		assert_int_equal(au_pool_units(&rows[i].pool, rights, rows[i].active, &stated), rows[i].units);
	json_decref(rights);
}

static void
units_are_text_and_back(void **state)
{
	struct au_arena *arena = au_arena_new();
	struct au_take items[] = { { "slots", 1 }, { "none", 0 }, { "seats", -2 } };
	struct au_takes takes = { items, AU_COUNT(items) }, back;
	const char *text = au_takes_print(arena, &takes);

	(void)state;
	assert_string_equal(text, "{\"seats\":-2,\"slots\":1}");
	au_takes_parse(arena, text, &back);
	assert_int_equal(back.count, 2);
	assert_int_equal(au_takes_of(&back, "seats"), -2);
	assert_int_equal(au_takes_of(&back, "slots"), 1);
	assert_true(au_takes_any(&back));
	assert_string_equal(au_takes_most(arena, "{\"seats\":2,\"slots\":1}", "{\"more\":1,\"slots\":3}"),
	    "{\"more\":1,\"seats\":2,\"slots\":3}");
	assert_null(au_takes_most(arena, NULL, NULL));
	au_takes_parse(arena, NULL, &back);
	assert_int_equal(back.count, 0);
	au_takes_parse(arena, "[]", &back);
	assert_int_equal(back.count, 0);
	assert_null(au_takes_print(arena, &back));
	au_arena_free(arena);
}

static void
what_a_template_takes_is_read(void **state)
{
	static const char *const bad[] = { "", "=1", "a=", "a=0", "a=-1", "a=1x", "a=1000001", "a b", "ä=1", "a= 1" };
	struct au_arena *arena = au_arena_new();
	struct au_take take;
	struct au_err err;

	(void)state;
	assert_int_equal(au_take_parse(arena, "seats:SystemAdministrator", &take, &err), 0);
	assert_string_equal(take.pool, "seats:SystemAdministrator");
	assert_int_equal(take.units, 1);
	assert_int_equal(au_take_parse(arena, "lines=12", &take, &err), 0);
	assert_string_equal(take.pool, "lines");
	assert_int_equal(take.units, 12);
	for (size_t i = 0; i < AU_COUNT(bad); i++)
		assert_int_equal(au_take_parse(arena, bad[i], &take, &err), AU_EINVAL);
	au_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accounts_take_by_their_rights),
		cmocka_unit_test(units_are_text_and_back),
		cmocka_unit_test(what_a_template_takes_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
