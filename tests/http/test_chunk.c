/* SPDX-License-Identifier: ISC */
/* The chunk decoder: the same result for every way of cutting the input, and no leniency. */
#include "base/mem.h"
#include "base/str.h"
#include "http/chunk.h"
#include "tests/unit.h"

#include <string.h>

/* Decode text given in pieces of `step` octets; the body goes to out.  Returns the last result. */
static int
decode(const char *text, size_t step, size_t max, struct au_str *out, size_t *ret_used, struct au_err *err)
{
	struct au_http_chunk chunk = { 0 };
	size_t len = strlen(text), at = 0;
	int rc = 0;

	while (rc == 0 && at < len) {
		size_t piece = len - at < step ? len - at : step, used, data_len;
		const char *data;

		rc = au_http_chunk_feed(&chunk, text + at, piece, max, &used, &data, &data_len, err);
		if (rc < 0)
			return rc;
		au_str_putn(out, data, data_len);
		at += used;
	}
	*ret_used = at;
	return rc;
}

static void
body_is_the_same_for_every_cut(void **state)
{
	static const char text[] = "4\r\nWiki\r\n006\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\n\r\nGET /";
	size_t step;

	(void)state;
	for (step = 1; step < sizeof(text); step++) {
		AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
		size_t used = 0;

		assert_int_equal(decode(text, step, 100, &out, &used, NULL), 1);
		assert_string_equal(au_str_get(&out), "Wikipedia in \r\n\r\nchunks.");
		assert_string_equal(text + used, "GET /");
	}
}

static void
extensions_and_trailer_fields_are_ignored(void **state)
{
	static const char text[] = "2;a\r\nab\r\n1;a=b; c=\"d;\\\"\xc3\xa4\"\r\nc\r\n0;last\r\n"
				   "Digest: x\r\nEmpty:\r\n\r\nGET /";
	size_t step;

	(void)state;
	for (step = 1; step < sizeof(text); step++) {
		AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
		size_t used = 0;

		assert_int_equal(decode(text, step, 100, &out, &used, NULL), 1);
		assert_string_equal(au_str_get(&out), "abc");
		assert_string_equal(text + used, "GET /");
	}
}

static void
too_much_to_ignore_is_refused(void **state)
{
	static const struct {
		const char *first, *again;
	} rows[] = { { "1;", "a" }, { "1;a=\"", "b" }, { "0\r\n", "Name: value\r\n" }, { "", "1;a\r\nx\r\n" } };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT, text = AU_STR_INIT;
		struct au_err err = { 0 };
		size_t used;

		au_str_put(&text, rows[i].first);
		while (text.len < 20000)
			au_str_put(&text, rows[i].again);
		assert_int_equal(decode(text.data, 100, 100000, &out, &used, &err), AU_ELIMIT);
		assert_int_equal(err.http_status, 431);
	}
}

static void
body_of_exactly_the_limit_is_taken(void **state)
{
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
	size_t used;

	(void)state;
	assert_int_equal(decode("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 64, 5, &out, &used, NULL), 1);
	assert_string_equal(au_str_get(&out), "abcde");
}

static void
lenient_readings_are_refused(void **state)
{
	static const struct {
		const char *text;
		int status;
	} rows[] = {
		{ "0x5\r\nhello\r\n0\r\n\r\n", 400 },
		{ "+5\r\nhello\r\n0\r\n\r\n", 400 },
		{ "-5\r\nhello\r\n0\r\n\r\n", 400 },
		{ " 5\r\nhello\r\n0\r\n\r\n", 400 },
		{ "5 \r\nhello\r\n0\r\n\r\n", 400 },
		{ "5 ;a=b\r\nhello\r\n0\r\n\r\n", 400 },
		{ "5;a=b\nhello\r\n0\r\n\r\n", 400 },
		{ "5;a=\"b\r\nhello\r\n0\r\n\r\n", 400 },
		{ "5;a=\"b\\\r\nhello\r\n0\r\n\r\n", 400 },
		{ "5;a=\x01\r\nhello\r\n0\r\n\r\n", 400 },
		{ "5;a=b\rX\r\nhello\r\n0\r\n\r\n", 400 },
		{ ";a\r\nhello\r\n0\r\n\r\n", 400 },
		{ "\r\nhello\r\n0\r\n\r\n", 400 },
		{ "5\nhello\r\n0\r\n\r\n", 400 },
		{ "5\r\nhello\n0\r\n\r\n", 400 },
		{ "5\r\nhelloX\r\n0\r\n\r\n", 400 },
		{ "5\r\rhello\r\n0\r\n\r\n", 400 },
		{ "0\r\nno colon\r\n\r\n", 400 },
		{ "0\r\n: x\r\n\r\n", 400 },
		{ "0\r\nA : x\r\n\r\n", 400 },
		{ "0\r\nA: x\n\r\n", 400 },
		{ "0\r\nA: x\r\n folded\r\n\r\n", 400 },
		{ "0\r\nA: \x7f\r\n\r\n", 400 },
		{ "0\r\nA\r\n\r\n", 400 },
		{ "0\r\n\n", 400 },
		{ "g\r\n", 400 },
		{ "FFFFFFFFFFFFFFFFF\r\n", 413 },
		{ "10000000000000005\r\n", 413 },
		{ "65\r\n", 413 },
		{ "60\r\n"
		  "012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345"
		  "\r\n5\r\n",
		    413 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
		struct au_err err = { 0 };
		size_t used;
		int rc = decode(rows[i].text, 1, 100, &out, &used, &err);

		if (rc >= 0 || err.http_status != rows[i].status)
			fail_msg("row %zu: rc %d, status %d", i, rc, err.http_status);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(body_is_the_same_for_every_cut),
		cmocka_unit_test(extensions_and_trailer_fields_are_ignored),
		cmocka_unit_test(too_much_to_ignore_is_refused),
		cmocka_unit_test(body_of_exactly_the_limit_is_taken),
		cmocka_unit_test(lenient_readings_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
