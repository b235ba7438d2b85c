/* SPDX-License-Identifier: ISC */
/* The buffer that leaves nothing behind. */
#include "tests/unit.h"

#include "base/buf.h"
#include "base/mem.h"

#include <string.h>

static void
bytes_are_kept_while_it_grows(void **state)
{
	struct au_buf buf = { 0 };
	char piece[7];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		memset(piece, i & 0xff, sizeof(piece));
		au_buf_add(&buf, piece, sizeof(piece));
	}
	assert_int_equal(buf.len, 7000);
	for (int i = 0; i < 7000; i++)
		assert_int_equal((unsigned char)buf.data[i], i / 7 & 0xff);
	au_buf_done(&buf);
	assert_null(buf.data);
	au_buf_done(&buf);
}

static void
dropped_bytes_are_overwritten(void **state)
{
	struct au_buf buf = { 0 };

	(void)state;
	au_buf_add(&buf, "hunter2rest", 11);
	au_buf_drop(&buf, 7);
	assert_int_equal(buf.len, 4);
	assert_memory_equal(buf.data, "rest\0\0\0\0\0\0\0", 11);
	au_buf_drop(&buf, 0);
	assert_int_equal(buf.len, 4);
	au_buf_done(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_kept_while_it_grows),
		cmocka_unit_test(dropped_bytes_are_overwritten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
