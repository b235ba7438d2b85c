/* SPDX-License-Identifier: ISC */
/* Dates in every form that directories and services write. */
#include "tests/unit.h"

#include "base/date.h"
#include "base/mem.h"

#define NEW_YEAR_S 1798675200LL /* 2026-12-31T00:00:00Z */

static void
every_form_is_read(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = {
		{ "2026-12-31", NEW_YEAR_S * 1000 },
		{ "20261231", NEW_YEAR_S * 1000 },
		{ " 2026-12-31\t", NEW_YEAR_S * 1000 },
		{ "2026-12-31T10:00:00Z", (NEW_YEAR_S + 36000) * 1000 },
		{ "2026-12-31T10:00:00.25+01:00", (NEW_YEAR_S + 32400) * 1000 + 250 },
		{ "20261231100000Z", (NEW_YEAR_S + 36000) * 1000 },
		{ "202612311000Z", (NEW_YEAR_S + 36000) * 1000 },
		{ "2026123110Z", (NEW_YEAR_S + 36000) * 1000 },
		{ "2026123110+0130", (NEW_YEAR_S + 30600) * 1000 },
		{ "20261231100000-05", (NEW_YEAR_S + 54000) * 1000 },
		{ "20261231100000.0Z", (NEW_YEAR_S + 36000) * 1000 },
		{ "20261231100000.125Z", (NEW_YEAR_S + 36000) * 1000 + 125 },
		{ "2026123110.5Z", (NEW_YEAR_S + 37800) * 1000 },
		{ "202612311000,5Z", (NEW_YEAR_S + 36030) * 1000 },
		{ "20261231235960Z", (NEW_YEAR_S + 86400) * 1000 },
		{ "134407296000000000", 1796256000000 },
		{ "20818", NEW_YEAR_S * 1000 },
		{ "10000", 864000000000 },
		/* before 1970 is over, not never */
		{ "116444736000000000", 1 },
		{ "1969-01-01", 1 },
		{ "000001010000Z", 1 },
		/* never */
		{ "never", 0 },
		{ "Never", 0 },
		{ "0", 0 },
		{ "00", 0 },
		{ "-1", 0 },
		{ "9223372036854775807", 0 },
		{ "9223372036854775808", 0 },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		int64_t ms = -1;
		struct au_err err = { 0 };
		if (au_date_parse(rows[i].text, &ms, &err) < 0)
			fail_msg("'%s': %s", rows[i].text, err.text);
		if (ms != rows[i].ms)
			fail_msg("'%s': %lld", rows[i].text, (long long)ms);
	}
}

static void
anything_else_is_refused(void **state)
{
	static const char *const rows[] = { NULL, "", "  ", "soon", "-", "1", "1x", "2026", "202612", "2026-13-01",
		"2026-02-30", "2026-12-31 10:00", "31.12.2026", "12/31/2026", "20261331", "2026123110",
		"20261231100000", "20261231106000Z", "20261231100000+1", "20261231100000+01:00", "20261231100000.Z",
		"20261231100000ZZ", "1798675200", "1798675200000",
		"2026-12-31T10:00:00Z and more of it, too long to be any date at all" };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		int64_t ms = -1;
		if (au_date_parse(rows[i], &ms, NULL) != AU_EINVAL)
			fail_msg("'%s' is read as %lld", rows[i] != NULL ? rows[i] : "", (long long)ms);
		assert_int_equal(ms, -1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_is_read),
		cmocka_unit_test(anything_else_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
