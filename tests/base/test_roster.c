/* SPDX-License-Identifier: ISC */
/* The compact table against a plain one: whatever is put and removed, both say the same. */
#include "tests/unit.h"

#include "base/roster.h"
#include "base/mem.h"
#include "base/rand.h"

#include <stdio.h>
#include <stdlib.h>

static void
records_are_found_until_they_are_removed(void **state)
{
	struct au_roster *roster = au_roster_new(sizeof(long long));
	bool is_new = false;

	(void)state;
	assert_null(au_roster_get(roster, "a"));
	long long *a = au_roster_put(roster, "a", &is_new);
	assert_true(is_new);
	assert_int_equal(*a, 0);
	*a = 7;
	assert_int_equal(*(long long *)au_roster_put(roster, "a", &is_new), 7);
	assert_false(is_new);
	assert_int_equal(au_roster_count(roster), 1);
	assert_true(au_roster_remove(roster, "a"));
	assert_false(au_roster_remove(roster, "a"));
	assert_null(au_roster_get(roster, "a"));
	au_roster_free(roster);
	au_roster_free(NULL);
}

/* Appended records are found in whatever order they are asked for, and beside those that are put and removed. */
static void
records_are_found_in_any_order(void **state)
{
	enum { NAMES = 5000 };
	struct au_roster *roster = au_roster_new(sizeof(unsigned));
	char name[16];
	bool is_new;

	(void)state;
	for (unsigned n = 0; n < NAMES; n++) {
		snprintf(name, sizeof(name), "%u", n);
		*(unsigned *)au_roster_append(roster, name) = n;
		if (n == NAMES / 2)
			assert_int_equal(*(unsigned *)au_roster_get(roster, "7"), 7);
	}
	assert_int_equal(au_roster_count(roster), NAMES);
	for (unsigned step = 1; step <= 7; step += 2)
		for (unsigned n = 0; n < NAMES; n++) {
			snprintf(name, sizeof(name), "%u", n * step % NAMES);
			assert_int_equal(*(unsigned *)au_roster_get(roster, name), n * step % NAMES);
		}
	assert_null(au_roster_get(roster, "x"));
	*(unsigned *)au_roster_put(roster, "x", &is_new) = NAMES;
	assert_true(is_new);
	*(unsigned *)au_roster_append(roster, "y") = NAMES + 1;
	assert_true(au_roster_remove(roster, "0"));
	assert_int_equal(*(unsigned *)au_roster_get(roster, "y"), NAMES + 1);
	assert_int_equal(*(unsigned *)au_roster_get(roster, "x"), NAMES);
	assert_null(au_roster_get(roster, "0"));
	assert_int_equal(*(unsigned *)au_roster_get(roster, "1"), 1);
	au_roster_free(roster);
}

/* Few names and many moves, so that slots are full of neighbours and every kind of gap is closed. */
static void
it_agrees_with_a_plain_table(void **state)
{
	enum { NAMES = 3000, MOVES = 60000 };
	struct au_roster *roster = au_roster_new(sizeof(unsigned));
	unsigned *plain = au_xcalloc(NAMES, sizeof(*plain)), held = 0;
	char name[16];
	bool is_new;

	(void)state;
	for (unsigned i = 1; i <= MOVES; i++) {
		unsigned n = au_rand_below(NAMES);
		snprintf(name, sizeof(name), "%u", n);
		if (au_rand_below(3) > 0) {
			unsigned *record = au_roster_put(roster, name, &is_new);
			assert_int_equal(is_new, plain[n] == 0);
			held += is_new;
			*record = plain[n] = i;
		} else {
			assert_int_equal(au_roster_remove(roster, name), plain[n] != 0);
			held -= plain[n] != 0;
			plain[n] = 0;
		}
	}
	assert_int_equal(au_roster_count(roster), held);
	for (unsigned n = 0; n < NAMES; n++) {
		snprintf(name, sizeof(name), "%u", n);
		const unsigned *record = au_roster_get(roster, name);
		assert_int_equal(record != NULL ? *record : 0, plain[n]);
	}
	unsigned long long sum = 0, plain_sum = 0;
	size_t cursor = 0;
	for (const unsigned *record; (record = au_roster_next(roster, &cursor)) != NULL;)
		sum += *record;
	for (unsigned n = 0; n < NAMES; n++)
		plain_sum += plain[n];
	assert_true(sum == plain_sum);
	free(plain);
	au_roster_free(roster);
}

static void
set_has_no_records(void **state)
{
	struct au_roster *roster = au_roster_new(0);
	bool is_new;

	(void)state;
	au_roster_put(roster, "", &is_new);
	assert_true(is_new);
	assert_non_null(au_roster_get(roster, ""));
	au_roster_free(roster);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_found_in_any_order),
		cmocka_unit_test(records_are_found_until_they_are_removed),
		cmocka_unit_test(it_agrees_with_a_plain_table),
		cmocka_unit_test(set_has_no_records),
	};

	au_rand_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
