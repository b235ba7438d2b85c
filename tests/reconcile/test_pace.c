/* SPDX-License-Identifier: ISC */
/* Pieces grow while they are fast and shrink at once when they are slow. */
#include "base/mem.h"
#include "reconcile/pace.h"
#include "tests/unit.h"

static void
the_next_piece_follows_the_last_one(void **state)
{
	static const struct {
		size_t limit, count;
		long long took_ms;
		size_t next;
	} rows[] = {
		{ 50, 50, 0, 100 },                           /* too fast to be measured: twice as many */
		{ 50, 50, 5, 100 },                           /* ten times as many would fit, twice are tried */
		{ 100, 100, 50, 100 },                        /* just right */
		{ 100, 100, 40, 125 }, { 400, 400, 10, 500 }, /* never more */
		{ 500, 500, 5000, 5 },                        /* a hundred times too slow */
		{ 1, 1, 60000, 1 },                           /* never none */
		{ 100, 7, 1, 100 },                           /* the last piece was small: says nothing */
		{ 100, 7, 70, 5 },                            /* but when it was slow */
		{ 100, 0, 70, 100 },                          /* nothing was done */
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct au_pace pace = { .limit = rows[i].limit };
		au_pace_took(&pace, rows[i].count, rows[i].took_ms, 50);
		if (pace.limit != rows[i].next)
			fail_msg("row %zu: %zu, not %zu", i, pace.limit, rows[i].next);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(the_next_piece_follows_the_last_one) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
