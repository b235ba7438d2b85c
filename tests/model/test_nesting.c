/* SPDX-License-Identifier: ISC */
/* Groups within groups: rings are named once and the same way each time, and depth is counted to the outermost. */
#include "tests/unit.h"

#include "model/nesting.h"

#include <stdio.h>
#include <string.h>

#define LINKS_MOST 12

static const struct {
	const char *links; /* "inner>outer ..." by one letter each */
	const char *rings; /* separated by ", " */
	size_t deepest;
	const char *name; /* of one that lies deepest */
} rows[] = {
	{ "", "", 0, NULL },
	{ "a>b", "", 1, "a" },
	{ "a>b b>c c>d", "", 3, "a" },
	{ "c>d b>c a>b", "", 3, "a" },
	{ "a>b a>c b>d c>d d>e", "", 3, "a" },
	{ "a>a", "a > a", 0, "a" },
	{ "a>b b>a", "a > b > a", 0, "a" },
	{ "b>a a>b", "a > b > a", 0, "b" },
	{ "c>a a>b b>c", "a > b > c > a", 0, "c" },
	/* Two rings in one knot: the shortest from the first name. */
	{ "a>b b>c c>a b>a", "a > b > a", 0, "a" },
	/* The first name lies in the longer one only. */
	{ "a>b b>c c>b c>a", "a > b > c > a", 0, "a" },
	{ "x>y y>x b>a a>b", "a > b > a, x > y > x", 0, "x" },
	/* Beneath and above a ring. */
	{ "l>b b>c c>b c>o o>p", "b > c > b", 3, "l" },
	{ "a>b a>b b>a", "a > b > a", 0, "a" },
};

static size_t
read_links(struct au_arena *arena, const char *text, struct au_nesting_link links[LINKS_MOST])
{
	size_t count = 0;

	for (const char *at = text; *at != '\0'; at += at[3] == ' ' ? 4 : 3) {
		assert_true(count < LINKS_MOST && at[1] == '>');
		const char *inner = au_arena_strndup(arena, at, 1), *outer = au_arena_strndup(arena, at + 2, 1);
		links[count++] = (struct au_nesting_link){ au_arena_printf(arena, "id-%s", inner),
			au_arena_printf(arena, "id-%s", outer), inner, outer };
	}
	return count;
}

static void
rings_and_depth_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_nesting_link links[LINKS_MOST];
		struct au_nesting nesting;
		const char *rings = "";
		au_nesting_find(arena, links, read_links(arena, rows[i].links, links), &nesting);
		for (size_t j = 0; j < nesting.ring_count; j++)
			rings = au_arena_printf(arena, "%s%s%s", rings, j > 0 ? ", " : "", nesting.rings[j]);
		if (strcmp(rings, rows[i].rings) != 0 || nesting.deepest != rows[i].deepest)
			fail_msg("%s: %s; %zu", rows[i].links, rings, nesting.deepest);
		if (rows[i].name == NULL)
			assert_null(nesting.deepest_name);
		else
			assert_string_equal(nesting.deepest_name, rows[i].name);
	}
}

static void
no_depth_is_too_much(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	size_t count = 200000;
	struct au_nesting_link *links = au_arena_alloc(arena, count * sizeof(*links));
	struct au_nesting nesting;

	(void)state;
	for (size_t i = 0; i < count; i++)
		links[i] = (struct au_nesting_link){ .inner = au_arena_printf(arena, "%06zu", i),
			.outer = au_arena_printf(arena, "%06zu", i + 1) };
	au_nesting_find(arena, links, count, &nesting);
	assert_int_equal(nesting.deepest, count);
	assert_string_equal(nesting.deepest_name, "000000");
	assert_int_equal(nesting.ring_count, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(rings_and_depth_are_found),
		cmocka_unit_test(no_depth_is_too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
