/* SPDX-License-Identifier: ISC */
/* Frames: whole, partial, too large, empty. */
#include "tests/unit.h"

#include "base/frame.h"

#include <string.h>

static void
frame_is_cut_once_it_is_whole(void **state)
{
	struct au_str s = AU_STR_INIT;
	struct au_err err;
	const char *payload;
	size_t len, used;

	(void)state;
	assert_int_equal(au_frame_build(&s, "{\"a\":1}", 7, 100, &err), 0);
	assert_int_equal(au_frame_build(&s, "{}", 2, 100, &err), 0);
	assert_memory_equal(s.data, "\0\0\0\x07{\"a\":1}\0\0\0\x02{}", 17);
	for (size_t have = 0; have < 11; have++)
		assert_int_equal(au_frame_cut(s.data, have, 100, &payload, &len, &used, &err), 0);
	assert_int_equal(au_frame_cut(s.data, s.len, 100, &payload, &len, &used, &err), 1);
	assert_int_equal(len, 7);
	assert_memory_equal(payload, "{\"a\":1}", 7);
	assert_int_equal(au_frame_cut(s.data + used, s.len - used, 100, &payload, &len, &used, &err), 1);
	assert_memory_equal(payload, "{}", 2);
	assert_int_equal(used, 6);
	au_str_done(&s);
}

static void
length_is_checked_before_the_payload_comes(void **state)
{
	struct au_str s = AU_STR_INIT;
	struct au_err err;
	const char *payload;
	size_t len, used;

	(void)state;
	assert_int_equal(au_frame_cut("\0\0\0\x65", 4, 100, &payload, &len, &used, &err), AU_ELIMIT);
	assert_int_equal(au_frame_cut("\xff\xff\xff\xff", 4, 100, &payload, &len, &used, &err), AU_ELIMIT);
	assert_int_equal(au_frame_cut("\0\0\0\0", 4, 100, &payload, &len, &used, &err), AU_EPROTO);
	assert_int_equal(au_frame_cut("\0\0\0\x64", 4, 100, &payload, &len, &used, &err), 0);
	assert_int_equal(au_frame_build(&s, "12345", 5, 4, &err), AU_ELIMIT);
	assert_int_equal(s.len, 0);
	au_str_done(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frame_is_cut_once_it_is_whole),
		cmocka_unit_test(length_is_checked_before_the_payload_comes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
