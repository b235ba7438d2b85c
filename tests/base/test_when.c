/* SPDX-License-Identifier: ISC */
/* Times, durations and sizes. */
#include "tests/unit.h"

#include "base/mem.h"
#include "base/when.h"

#include <string.h>

static void
times_are_written_in_utc(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} rows[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ -1, "1969-12-31T23:59:59.999Z" },
		{ 1795514400123, "2026-11-24T10:00:00.123Z" },
		{ INT64_MAX, "9999-12-31T23:59:59.999Z" },
		{ INT64_MIN, "0000-01-01T00:00:00.000Z" },
	};
	char buf[AU_WHEN_SIZE];

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		assert_string_equal(au_when_format(rows[i].ms, buf), rows[i].text);
}

static void
times_are_read_with_and_without_zone(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = {
		{ "2026-11-24T10:00:00.123Z", 1795514400123 },
		{ "2026-11-24T10:00:00.1234567", 1795514400123 },
		{ "2026-11-24T12:30:00+02:30", 1795514400000 },
		{ "2026-11-24T05:00:00-05:00", 1795514400000 },
		{ "1969-12-31T24:00:00Z", 0 },
		{ "2024-02-29T00:00:00Z", 1709164800000 },
		{ "0000-01-01T00:00:00Z", -62167219200000 },
	};
	struct au_err err;
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		assert_int_equal(au_when_parse(rows[i].text, &ms, &err), 0);
		assert_int_equal(ms, rows[i].ms);
	}
}

static void
other_forms_of_time_are_refused(void **state)
{
	static const char *const texts[] = { "", "2026-11-24", "2026-11-24 10:00:00Z", "2026-13-01T00:00:00Z",
		"2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-11-24T10:00Z",
		"2026-11-24T24:00:01Z", "2026-11-24T25:00:00Z", "2026-11-24T10:60:00Z", "2026-11-24T10:00:60Z",
		"2026-11-24T10:00:00.Z", "2026-11-24T10:00:00z", "2026-11-24T10:00:00+0200",
		"2026-11-24T10:00:00+15:00", "2026-11-24T10:00:00Zx", "-2026-11-24T10:00:00Z", "12026-11-24T10:00:00Z",
		NULL };
	struct au_err err;
	int64_t ms = 42;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(texts); i++)
		assert_int_equal(au_when_parse(texts[i], &ms, &err), AU_EINVAL);
	assert_int_equal(ms, 42);
}

static void
durations_go_there_and_back(void **state)
{
	static const struct {
		const char *text;
		long long ms;
	} rows[] = { { "0", 0 }, { "250ms", 250 }, { "10s", 10000 }, { "15min", 900000 }, { "2h", 7200000 },
		{ "30d", 2592000000 }, { "1w", 604800000 } };
	struct au_err err;
	char buf[32];
	long long ms;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		assert_int_equal(au_duration_parse(rows[i].text, &ms, &err), 0);
		assert_int_equal(ms, rows[i].ms);
		au_duration_format(ms, buf, sizeof(buf));
		assert_string_equal(buf, rows[i].text);
	}
	au_duration_format(90000, buf, sizeof(buf));
	assert_string_equal(buf, "90s");
}

static void
sizes_go_there_and_back(void **state)
{
	static const struct {
		const char *text;
		long long bytes;
	} rows[] = { { "0", 0 }, { "512B", 512 }, { "16KiB", 16384 }, { "64MiB", 67108864 }, { "3GiB", 3221225472 } };
	struct au_err err;
	char buf[32];
	long long bytes;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		assert_int_equal(au_size_parse(rows[i].text, &bytes, &err), 0);
		assert_int_equal(bytes, rows[i].bytes);
		au_size_format(bytes, buf, sizeof(buf));
		assert_string_equal(buf, rows[i].text);
	}
}

static void
numbers_without_a_known_unit_are_refused(void **state)
{
	static const char *const times[] = { "", "5", "00", "s", "-1s", "5 s", "5S", "1.5h", "5m", "1h30min",
		"99999999999999999999s", "9223372036854775807w", NULL };
	static const char *const sizes[] = { "", "5", "KiB", "1KB", "1kib", "-1B", "1K", "9223372036854775807KiB",
		NULL };
	struct au_err err;
	long long number = 42;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(times); i++)
		assert_int_equal(au_duration_parse(times[i], &number, &err), AU_EINVAL);
	for (size_t i = 0; i < AU_COUNT(sizes); i++)
		assert_int_equal(au_size_parse(sizes[i], &number, &err), AU_EINVAL);
	assert_int_equal(number, 42);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_written_in_utc),
		cmocka_unit_test(times_are_read_with_and_without_zone),
		cmocka_unit_test(other_forms_of_time_are_refused),
		cmocka_unit_test(durations_go_there_and_back),
		cmocka_unit_test(sizes_go_there_and_back),
		cmocka_unit_test(numbers_without_a_known_unit_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
