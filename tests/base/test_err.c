/* SPDX-License-Identifier: ISC */
/* Errors: what is filled in, what is cut, and names of codes. */
#include "tests/unit.h"

#include "base/err.h"
#include "base/str.h"

#include <jansson.h>
#include <string.h>

static void
failure_fills_code_and_text(void **state)
{
	struct au_err err = { .code = AU_EBUSY, .http_status = 503, .retry_after_s = 7 };

	(void)state;
	assert_int_equal(au_fail(&err, AU_EINVAL, "option '%s': expected a number", "port"), AU_EINVAL);
	assert_int_equal(err.code, AU_EINVAL);
	assert_int_equal(err.http_status, 0);
	assert_int_equal(err.retry_after_s, 0);
	assert_string_equal(err.text, "option 'port': expected a number");
	assert_int_equal(au_fail(NULL, AU_EIO, "nobody listens"), AU_EIO);
}

static void
text_may_quote_itself(void **state)
{
	struct au_err err;

	(void)state;
	au_fail(&err, AU_EIO, "disk full");
	au_fail(&err, AU_ETEMP, "store: %s", err.text);
	assert_string_equal(err.text, "store: disk full");
}

static void
prefix_keeps_code(void **state)
{
	struct au_err err;

	(void)state;
	au_fail(&err, AU_EAUTH, "refused");
	err.http_status = 401;
	assert_int_equal(au_err_prefix(&err, AU_EIO, "target '%s'", "room"), AU_EAUTH);
	assert_string_equal(err.text, "target 'room': refused");
	assert_int_equal(err.http_status, 401);
	assert_int_equal(au_err_prefix(NULL, AU_EIO, "x"), AU_EIO);
	err = (struct au_err){ 0 };
	assert_int_equal(au_err_prefix(&err, AU_EIO, "x"), AU_EIO);
}

static void
recode_keeps_the_rest(void **state)
{
	struct au_err err = { .code = AU_ETEMP, .http_status = 503, .retry_after_s = 7, .text = "text" };

	(void)state;
	assert_int_equal(au_err_recode(&err, AU_EUNKNOWN), AU_EUNKNOWN);
	assert_int_equal(err.code, AU_EUNKNOWN);
	assert_int_equal(err.http_status, 503);
	assert_int_equal(err.retry_after_s, 7);
	assert_string_equal(err.text, "text");
	assert_int_equal(au_err_recode(NULL, AU_EIO), AU_EIO);
}

static void
long_text_is_cut_between_characters(void **state)
{
	struct au_err err;
	char name[2 * AU_ERR_TEXT + 1];

	(void)state;
	for (size_t pad = 0; pad < 4; pad++) {
		memset(name, 'x', pad);
		for (size_t i = pad; i + 3 < sizeof(name); i += 3)
			memcpy(name + i, "\xE2\x82\xAC", 4);
		au_fail(&err, AU_EINVAL, "%s", name);
		assert_in_range(strlen(err.text), AU_ERR_TEXT - 5, AU_ERR_TEXT - 1);
		json_t *text = json_string(err.text);
		assert_non_null(text);
		json_decref(text);
		au_err_prefix(&err, AU_EINVAL, "in");
		text = json_string(err.text);
		assert_non_null(text);
		json_decref(text);
	}
}

static void
text_stays_one_line(void **state)
{
	struct au_err err;

	(void)state;
	au_fail(&err, AU_EINVAL, "name 'a\nlevel=error\x1b[2J'");
	assert_string_equal(err.text, "name 'a level=error [2J'");
}

static void
every_code_has_a_name_and_back(void **state)
{
	(void)state;
	for (int code = AU_ELIMIT; code <= AU_OK; code++) {
		assert_string_not_equal(au_code_name(code), "error");
		assert_int_equal(au_code_from_name(au_code_name(code)), code);
	}
	assert_string_equal(au_code_name(-99), "error");
	assert_int_equal(au_code_from_name("nonsense"), AU_EBUG);
	assert_int_equal(au_code_from_name(NULL), AU_EBUG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failure_fills_code_and_text),
		cmocka_unit_test(text_may_quote_itself),
		cmocka_unit_test(prefix_keeps_code),
		cmocka_unit_test(recode_keeps_the_rest),
		cmocka_unit_test(long_text_is_cut_between_characters),
		cmocka_unit_test(text_stays_one_line),
		cmocka_unit_test(every_code_has_a_name_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
