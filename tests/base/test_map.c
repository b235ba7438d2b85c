/* SPDX-License-Identifier: ISC */
/* The hash table, also against a plain list as its model. */
#include "tests/unit.h"

#include "base/map.h"
#include "base/mem.h"
#include "base/rand.h"

#include <stdio.h>
#include <string.h>

static void
values_are_put_replaced_and_removed(void **state)
{
	struct au_map *map = au_map_new();
	int a, b;

	(void)state;
	assert_null(au_map_get(map, "k"));
	assert_null(au_map_put(map, "k", &a));
	assert_ptr_equal(au_map_put(map, "k", &b), &a);
	assert_int_equal(au_map_count(map), 1);
	assert_ptr_equal(au_map_get(map, "k"), &b);
	assert_null(au_map_put(map, "null", NULL));
	assert_true(au_map_has(map, "null"));
	assert_ptr_equal(au_map_remove(map, "k"), &b);
	assert_null(au_map_remove(map, "k"));
	assert_false(au_map_has(map, "k"));
	assert_int_equal(au_map_count(map), 1);
	au_map_free(map, NULL);
	au_map_free(NULL, NULL);
}

static void
walk_keeps_the_order_of_insertion(void **state)
{
	struct au_map *map = au_map_new();
	size_t cursor = 0;
	const char *key;
	void *value;
	char name[16], seen[64] = "";

	(void)state;
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "%c", 'a' + i);
		au_map_put(map, name, au_xstrdup(name));
	}
	for (int i = 0; i < 20; i += 2) {
		snprintf(name, sizeof(name), "%c", 'a' + i);
		free(au_map_remove(map, name));
	}
	for (int i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "%c", 'A' + i);
		au_map_put(map, name, au_xstrdup(name));
	}
	while (au_map_next(map, &cursor, &key, &value)) {
		assert_string_equal(key, value);
		strcat(seen, key);
	}
	assert_string_equal(seen, "bdfhjlnprtABCDEFGHIJ");
	au_map_free(map, free);
}

/* Each value holds its own key, and goes with it. */
static void
borrowed_keys_go_with_their_values(void **state)
{
	struct au_map *map = au_map_new_borrowing();
	char name[16];

	(void)state;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 50; i++) {
			char *value;

			snprintf(name, sizeof(name), "key-%d", i);
			value = au_xstrdup(name);
			free(au_map_put(map, value, value));
			assert_ptr_equal(au_map_get(map, name), value);
		}
	assert_int_equal(au_map_count(map), 50);
	for (int i = 0; i < 50; i += 2) {
		snprintf(name, sizeof(name), "key-%d", i);
		free(au_map_remove(map, name));
		assert_false(au_map_has(map, name));
	}
	assert_int_equal(au_map_count(map), 25);
	au_map_free(map, free);
}

/* Random puts and removals over a small set of keys; an array says what must be there. */
static void
agrees_with_a_plain_array(void **state)
{
	enum { KEYS = 500, STEPS = 20000 };
	struct au_map *map = au_map_new();
	static char marks[KEYS];
	bool there[KEYS] = { false };
	size_t count = 0;

	(void)state;
	for (int step = 0; step < STEPS; step++) {
		size_t k = au_rand_below(KEYS);
		char key[16];
		snprintf(key, sizeof(key), "key-%zu", k);
		assert_int_equal(au_map_has(map, key), there[k]);
		if (au_rand_below(2)) {
			assert_ptr_equal(au_map_put(map, key, &marks[k]), there[k] ? &marks[k] : NULL);
			count += !there[k];
			there[k] = true;
		} else {
			assert_ptr_equal(au_map_remove(map, key), there[k] ? &marks[k] : NULL);
			count -= there[k];
			there[k] = false;
		}
		assert_int_equal(au_map_count(map), count);
	}
	size_t cursor = 0, walked = 0;
	while (au_map_next(map, &cursor, NULL, NULL))
		walked++;
	assert_int_equal(walked, count);
	au_map_free(map, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_put_replaced_and_removed),
		cmocka_unit_test(walk_keeps_the_order_of_insertion),
		cmocka_unit_test(borrowed_keys_go_with_their_values),
		cmocka_unit_test(agrees_with_a_plain_array),
	};

	au_rand_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
