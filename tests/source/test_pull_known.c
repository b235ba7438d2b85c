/* SPDX-License-Identifier: ISC */
/* Which server of a SCIM service is believed about whom. */
#include "tests/unit.h"

#include "base/mem.h"
#include "sourced/pull_known.h"

enum { A, B };

static void
free_known(struct au_pull_known **known)
{
	au_pull_known_free(*known);
}

static void
who_was_shown_is_known(void **state)
{
	AU_CLEANUP(free_known) struct au_pull_known *known = au_pull_known_new();

	(void)state;
	assert_false(au_pull_known_has(NULL, "u"));
	assert_false(au_pull_known_has(known, "u"));
	assert_true(au_pull_known_show(known, NULL, "u", 0, A));
	assert_true(au_pull_known_has(known, "u"));
	assert_int_equal(au_pull_known_count(known), 1);
	assert_true(au_pull_known_is_shown_by(known, "u", A));
	assert_false(au_pull_known_is_shown_by(known, "u", B));
	assert_false(au_pull_known_is_shown_by(known, "v", A));
	assert_false(au_pull_known_is_shown_by(NULL, "u", A));
}

/* What B shows after A showed the state of 100, and whether both have shown what is known then. */
static const struct {
	int64_t shown_ms;
	bool is_believed, is_of_a, is_of_b;
} after_a[] = {
	{ 100, true, true, true }, { 101, true, false, true }, { 99, false, true, false },
	{ 0, true, false, true }, /* it does not say when: nothing tells that it is behind */
};

static void
server_that_is_behind_undoes_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(after_a); i++) {
		AU_CLEANUP(free_known) struct au_pull_known *before = au_pull_known_new(), *now = au_pull_known_new();
		assert_true(au_pull_known_show(before, NULL, "u", 100, A));
		assert_int_equal(au_pull_known_show(now, before, "u", after_a[i].shown_ms, B), after_a[i].is_believed);
		assert_int_equal(au_pull_known_is_shown_by(now, "u", A), after_a[i].is_of_a);
		assert_int_equal(au_pull_known_is_shown_by(now, "u", B), after_a[i].is_of_b);
	}
}

static void
server_that_goes_back_itself_is_believed(void **state)
{
	AU_CLEANUP(free_known) struct au_pull_known *known = au_pull_known_new();

	(void)state;
	assert_true(au_pull_known_show(known, known, "u", 100, A));
	assert_true(au_pull_known_show(known, known, "u", 100, B));
	assert_true(au_pull_known_show(known, known, "u", 50, A));
	/* Now that is what is known, and B shows something newer. */
	assert_true(au_pull_known_show(known, known, "u", 100, B));
	assert_false(au_pull_known_show(known, known, "u", 50, A));
}

static void
who_is_kept_is_known_as_before(void **state)
{
	AU_CLEANUP(free_known) struct au_pull_known *before = au_pull_known_new(), *now = au_pull_known_new();

	(void)state;
	assert_true(au_pull_known_show(before, NULL, "u", 100, B));
	au_pull_known_keep(now, before, "u");
	au_pull_known_keep(now, NULL, "v");
	assert_true(au_pull_known_is_shown_by(now, "u", B));
	assert_true(au_pull_known_has(now, "v"));
	assert_false(au_pull_known_is_shown_by(now, "v", A));
	assert_false(au_pull_known_show(now, now, "u", 99, A));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_was_shown_is_known),
		cmocka_unit_test(server_that_is_behind_undoes_nothing),
		cmocka_unit_test(server_that_goes_back_itself_is_believed),
		cmocka_unit_test(who_is_kept_is_known_as_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
