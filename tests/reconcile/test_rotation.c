/* SPDX-License-Identifier: ISC */
/* When a password is due for another, by a table. */
#include "reconcile/rotation.h"
#include "tests/unit.h"

#include "base/mem.h"
#include "settings/rows.h"

#include <string.h>

#define BOTH (AU_CAP_RESET_SECRET | AU_CAP_SET_SECRET)
#define DAY_MS (86400 * 1000LL)
#define NOW_MS (400 * DAY_MS)

static void
passwords_are_replaced_when_they_are_old_and_ours(void **state)
{
	static const struct {
		const char *most;
		unsigned caps;
		long long age_days; /* -1: not ours */
		int active;
		bool due;
	} rows[] = {
		{ "80d", BOTH, 79, 1, false },
		{ "80d", BOTH, 80, 1, true },
		{ "80d", BOTH, 80, -1, true },
		{ "80d", BOTH, 300, 0, false },
		{ "80d", BOTH, -1, 1, false },
		{ "0s", BOTH, 300, 1, false },
		{ "80d", AU_CAP_RESET_SECRET, 300, 1, false }, /* the product makes its own */
		{ "80d", AU_CAP_SET_SECRET, 300, 1, false },
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		const struct au_describe describe = { .caps = rows[i].caps };
		struct au_target_block target = { .describe = &describe };
		const struct au_account account = { .active = rows[i].active,
			.secret_ms = rows[i].age_days < 0 ? 0 : NOW_MS - rows[i].age_days * DAY_MS };
		AU_CLEANUP(au_json_decrefp) json_t *most = json_string(rows[i].most);
		const char *why;

		target.block.values = au_values_new(au_target_rows);
		assert_int_equal(au_values_set(target.block.values, "secret_max_age", most, NULL), 0);
		why = au_rotation_due(arena, &target, &account, NOW_MS);
		if ((why != NULL) != rows[i].due)
			fail_msg("row %zu: %s", i, why != NULL ? why : "not due");
		au_values_free(target.block.values);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(passwords_are_replaced_when_they_are_old_and_ours) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
