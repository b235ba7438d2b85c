/* SPDX-License-Identifier: ISC */
/* What libconfig lets pass in silence. */
#include "settings/scan.h"
#include "tests/unit.h"

static const struct {
	const char *text;
	const char *refusal; /* NULL: passes */
} cases[] = {
	{ "", NULL },
	{ "a = 2147483647; b = -2147483648;", NULL },
	{ "a = 2147483648;", "f:1: number '2147483648' is beyond 32 bits: write '2147483648L'" },
	{ "a = 1;\nb = -2147483649;", "f:2: number '-2147483649' is beyond 32 bits: write '-2147483649L'" },
	{ "a = 2147483648L;", NULL },
	{ "a = 0x7fffffff;", NULL },
	{ "a = 0xffffffff;", "f:1: number '0xffffffff' is beyond 32 bits: write '0xffffffffL'" },
	{ "a = 0xffffffffL;", NULL },
	{ "a = 9223372036854775807L;", NULL },
	{ "a = 9223372036854775808L;", "f:1: number '9223372036854775808' is beyond 64 bits" },
	{ "a = 0xffffffffffffffffffL;", "f:1: number '0xffffffffffffffffff' is beyond 64 bits" },
	{ "a = [ 1, 5000000000 ];", "f:1: number '5000000000' is beyond 32 bits: write '5000000000L'" },
	{ "# 5000000000\na = 5000000000;", "f:2: number '5000000000' is beyond 32 bits: write '5000000000L'" },
	{ "// 5000000000\n", NULL },
	{ "/* 5000000000\n\n*/ a = 5000000000;", "f:3: number '5000000000' is beyond 32 bits: write '5000000000L'" },
	{ "/* 5000000000", NULL },
	{ "a = \"5000000000\"; b5000000000 = 1;", NULL },
	{ "a = \"x\n\\\" 5000000000\";\nb = 5000000000;",
	    "f:3: number '5000000000' is beyond 32 bits: write '5000000000L'" },
	{ "a = \"/* \"; b = 5000000000;", "f:1: number '5000000000' is beyond 32 bits: write '5000000000L'" },
	{ "a = \"x\\x00y\";", "f:1: text: a NUL byte (\\x00) is not possible" },
	{ "a = \"x\\\\x00y\";", NULL },
	{ "a = \"unclosed", NULL },
	{ "a = \"ends in \\", NULL },
	{ "a = 1.5e10;", NULL },
};

static void
only_what_would_be_cut_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct au_err err = { 0 };
		int rc = au_scan_text("f", cases[i].text, &err);
		if (rc != (cases[i].refusal ? AU_EINVAL : 0))
			print_error("case %zu: %s: %s\n", i, cases[i].text, err.text);
		assert_int_equal(rc, cases[i].refusal ? AU_EINVAL : 0);
		assert_string_equal(err.text, cases[i].refusal ? cases[i].refusal : "");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_would_be_cut_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
