/* SPDX-License-Identifier: ISC */
/* Memory: arenas keep what they gave, run what was deferred, and align. */
#include "tests/unit.h"

#include "base/mem.h"

#include <string.h>

static void
arena_pieces_are_zeroed_aligned_and_apart(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	unsigned char *pieces[300];

	(void)state;
	for (size_t i = 0; i < AU_COUNT(pieces); i++) {
		pieces[i] = au_arena_alloc(arena, i * 7);
		assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
		for (size_t j = 0; j < i * 7; j++)
			assert_int_equal(pieces[i][j], 0);
		memset(pieces[i], (int)(i & 0xff), i * 7);
	}
	for (size_t i = 0; i < AU_COUNT(pieces); i++)
		for (size_t j = 0; j < i * 7; j++)
			assert_int_equal(pieces[i][j], i & 0xff);
}

static void
arena_text_is_copied(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	char text[] = "abcdef";

	(void)state;
	char *copy = au_arena_strdup(arena, text), *part = au_arena_strndup(arena, text, 3);
	text[0] = 'x';
	assert_string_equal(copy, "abcdef");
	assert_string_equal(part, "abc");
	assert_string_equal(au_arena_strndup(arena, "ab", 100), "ab");
	assert_null(au_arena_strdup(arena, NULL));
	assert_string_equal(au_arena_printf(arena, "%s-%d", "n", 5), "n-5");
}

static char order[8];

static void
note(void *object)
{
	strncat(order, object, 1);
}

static void
deferred_calls_run_last_first(void **state)
{
	struct au_arena *arena = au_arena_new();
	char a[] = "a", b[] = "b", c[] = "c";

	(void)state;
	order[0] = '\0';
	au_arena_defer(arena, note, a);
	au_arena_defer(arena, note, b);
	au_arena_defer(arena, note, c);
	assert_string_equal(order, "");
	au_arena_free(arena);
	assert_string_equal(order, "cba");
	au_arena_free(NULL);
}

static void
plain_text_helpers_copy(void **state)
{
	AU_CLEANUP(au_freep) char *a = au_xstrdup("one");
	AU_CLEANUP(au_freep) char *b = au_xstrndup("oneandtwo", 3);
	AU_CLEANUP(au_freep) char *c = au_xasprintf("%s %d", "n", 42);

	(void)state;
	assert_string_equal(a, "one");
	assert_string_equal(b, "one");
	assert_string_equal(c, "n 42");
	assert_null(au_xstrdup(NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_pieces_are_zeroed_aligned_and_apart),
		cmocka_unit_test(arena_text_is_copied),
		cmocka_unit_test(deferred_calls_run_last_first),
		cmocka_unit_test(plain_text_helpers_copy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
