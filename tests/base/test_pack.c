/* SPDX-License-Identifier: ISC */
/* Packed values come back, and bytes that are no values are refused without being run over. */
#include "tests/unit.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/pack.h"

#include <string.h>

static const uint64_t numbers[] = { 0, 1, 127, 128, 300, 16383, 16384, UINT32_MAX, UINT64_MAX };

static void
values_come_back_in_order(void **state)
{
	AU_CLEANUP(au_buf_done) struct au_buf buf = { 0 };
	const char *text = "x";
	unsigned char byte;
	uint64_t number;

	(void)state;
	au_pack_byte(&buf, 200);
	for (size_t i = 0; i < AU_COUNT(numbers); i++)
		au_pack_number(&buf, numbers[i]);
	au_pack_text(&buf, "Zo\xc3\xab");
	au_pack_text(&buf, NULL);
	au_pack_text(&buf, "");
	struct au_unpack from = { buf.data, buf.len };
	assert_int_equal(au_unpack_byte(&from, &byte), 0);
	assert_int_equal(byte, 200);
	for (size_t i = 0; i < AU_COUNT(numbers); i++) {
		assert_int_equal(au_unpack_number(&from, &number), 0);
		assert_true(number == numbers[i]);
	}
	assert_int_equal(au_unpack_text(&from, &text), 0);
	assert_string_equal(text, "Zo\xc3\xab");
	assert_int_equal(au_unpack_text(&from, &text), 0);
	assert_null(text);
	assert_int_equal(au_unpack_text(&from, &text), 0);
	assert_string_equal(text, "");
	assert_int_equal(from.len, 0);
	assert_int_equal(au_unpack_byte(&from, &byte), AU_EPROTO);
	assert_int_equal(au_unpack_number(&from, &number), AU_EPROTO);
	assert_int_equal(au_unpack_text(&from, &text), AU_EPROTO);
}

static void
long_text_needs_more_than_a_byte_of_length(void **state)
{
	AU_CLEANUP(au_buf_done) struct au_buf buf = { 0 };
	char text[1001];
	const char *back;

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	au_pack_text(&buf, text);
	assert_int_equal(buf.len, 2 + sizeof(text));
	struct au_unpack from = { buf.data, buf.len };
	assert_int_equal(au_unpack_text(&from, &back), 0);
	assert_string_equal(back, text);
}

static const struct {
	const char *bytes;
	size_t len;
	const char *what;
} wrong_texts[] = {
	{ "\x80", 1, "a length cut off" },
	{ "\x81\x00x", 3, "a length that is longer than it need be" },
	{ "\x05"
	  "abc",
	    4, "a text cut off" },
	{ "\x04"
	  "abcd",
	    5, "a text without its zero" },
	{ "\x05"
	  "ab\0c",
	    6, "a zero within" },
	{ "\x03\xff\xfe", 4, "no UTF-8" },
	{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10, "a length beyond everything" },
	{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x03", 10, "a length beyond 64 bits" },
	{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11, "a length without an end" },
};

static void
wrong_text_is_refused_and_left(void **state)
{
	const char *text = NULL;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(wrong_texts); i++) {
		/* A copy of its own size, so that reading behind it is found. */
		char *bytes = au_xmalloc(wrong_texts[i].len);
		memcpy(bytes, wrong_texts[i].bytes, wrong_texts[i].len);
		struct au_unpack from = { bytes, wrong_texts[i].len };
		if (au_unpack_text(&from, &text) != AU_EPROTO)
			fail_msg("%s was taken", wrong_texts[i].what);
		assert_ptr_equal(from.at, bytes);
		assert_int_equal(from.len, wrong_texts[i].len);
		free(bytes);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_come_back_in_order),
		cmocka_unit_test(long_text_needs_more_than_a_byte_of_length),
		cmocka_unit_test(wrong_text_is_refused_and_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
