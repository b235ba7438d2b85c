/* SPDX-License-Identifier: ISC */
/* Expressions over a person's attributes, and the tests that disable people. */
#include "tests/unit.h"

#include "base/str.h"
#include "model/disabled.h"
#include "model/pick.h"

/* Sorted, as whoever reads a directory gives them. */
static const char *const *
values_of(void *ctx, const char *attribute)
{
	static const struct {
		const char *attribute;
		const char *values[5];
	} rows[] = {
		{ "givenName", { "Ann" } },
		{ "sn", { "B" } },
		{ "mail", { "Ann@Example.com", "ann@other.example" } },
		{ "proxy", { "SMTP:Main@x", "sip:me@x", "smtp:a@x", "smtp:b@y" } },
		{ "none", { NULL } },
	};

	(void)ctx;
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		if (au_streq(rows[i].attribute, attribute))
			return rows[i].values;
	return NULL;
}

static void
expressions_give_texts(void **state)
{
	static const struct {
		const char *text, *result;
	} rows[] = {
		{ "mail", "Ann@Example.com" },
		{ "uid", NULL },
		{ " uid | sn ", "B" },
		{ "sn|mail", "B" },
		{ "${givenName} ${sn}", "Ann B" },
		{ "${sn}, ${givenName} ${uid} | ${sn}", "B" },
		{ "${mail:fold}", "ann@example.com" },
		{ "uid | =no body", "no body" },
		{ "=a$|b$$c", "a|b$c" },
		{ "$|${sn}", "|B" },
		{ "none", NULL },
		{ "${mail:all}", "Ann@Example.com, ann@other.example" },
		{ "${sn:all}", "B" },
		{ "${none:all} | sn", "B" },
		{ "${mail:all:fold}", "ann@example.com, ann@other.example" },
		{ "${mail:like *@other.example}", "ann@other.example" },
		{ "${mail:like *@third.example} | sn", "B" },
		{ "${proxy:like SMTP:*}", "SMTP:Main@x" },
		{ "${proxy:like SMTP:(*)}", "Main@x" },
		{ "${proxy:like SMTP:(*):fold}", "main@x" },
		{ "${proxy:like smtp:(*)@y}", "b" },
		{ "${proxy:like smtp:a@x*}", NULL }, /* the star stands for something */
		{ "<${proxy:like sip:(*)@x}>", "<me>" },
		{ "${proxy:like *(x)}", NULL },
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_pick pick;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		assert_int_equal(au_pick_parse(arena, rows[i].text, &pick, NULL), 0);
		if (!au_streq(au_pick_text(&pick, arena, values_of, NULL), rows[i].result))
			fail_msg("%s", rows[i].text);
	}
}

static void
choice_that_gave_a_text_is_known(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_pick pick;
	const char *text = "as before";

	(void)state;
	assert_int_equal(au_pick_parse(arena, "uid | ${sn}, ${givenName} | =x", &pick, NULL), 0);
	assert_string_equal(au_pick_find(&pick, arena, values_of, NULL, &text)->text, "${sn}, ${givenName}");
	assert_string_equal(text, "B, Ann");
	assert_int_equal(au_pick_parse(arena, "uid", &pick, NULL), 0);
	assert_null(au_pick_find(&pick, arena, values_of, NULL, &text));
	assert_string_equal(text, "B, Ann");
}

static void
broken_expressions_are_refused(void **state)
{
	static const char *const rows[] = { "", "|", "a|", "|a", "=", "a b", "${a", "${}", "${:fold}", "${a:lower}",
		"$a", "a$", "=x | a", "$$ | a", "-a" 	"${mail:like a}",
		"${mail:like *a*}",
		"${mail:like}",
		"${mail:ALL}",
		"${:all}",
		"${:like *}",
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_pick pick;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		if (au_pick_parse(arena, rows[i], &pick, NULL) != AU_EINVAL)
			fail_msg("'%s' was taken", rows[i]);
}

static void
tests_know_the_disabled(void **state)
{
	static const struct {
		const char *text, *value;
		bool holds;
	} rows[] = {
		{ "userAccountControl", "514", true },
		{ "useraccountcontrol", "512", false },
		{ "userAccountControl:2", "66050", true },
		{ "userAccountControl:18", "2", false },
		{ "userAccountControl:2147483648", "-2147483646", true },
		{ "userAccountControl:2", "514x", false },
		{ "userAccountControl:2", "", false },
		{ "userAccountControl:2", "99999999999999999999", false },
		{ "nsAccountLock", "true", true },
		{ "nsAccountLock", "FALSE", false },
		{ "other", "TRUE", true },
		{ "pwdAccountLockedTime", "000001010000Z", true },
		{ "pwdAccountLockedTime", "20261128040000Z", false },
		{ "pwdAccountLockedTime=*", "20261128040000Z", true },
		{ "loginShell=/usr/sbin/NoLogin", "/usr/sbin/nologin", true },
		{ "loginShell=/usr/sbin/nologin", "/bin/sh", false },
		{ "a=b=c", "b=c", true },
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_disabled test;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		assert_int_equal(au_disabled_parse(arena, rows[i].text, &test, NULL), 0);
		if (au_disabled_holds(&test, arena, rows[i].value) != rows[i].holds)
			fail_msg("%s: %s", rows[i].text, rows[i].value);
	}
}

/* -1: it cannot be read */
static int64_t
since(const struct au_disabled *test, const char *value)
{
	int64_t ms = -2;

	return au_disabled_since(test, value, &ms) < 0 ? -1 : ms;
}

static void
time_alone_disables(void **state)
{
	static const struct {
		const char *text, *value;
		int64_t since;
	} rows[] = {
		{ "accountExpires", "0", 0 },
		{ "accountExpires", "9223372036854775807", 0 },
		{ "accountExpires", "9223372036854775808", 0 },
		{ "accountExpires", "-1", 0 },
		{ "accountExpires", "", -1 },
		{ "accountExpires", "1x", -1 },
		{ "accountExpires", "1", 1 },
		{ "accountExpires", "116444736000000000", 1 },
		{ "accountExpires", "116444736000010000", 1 },
		{ "accountExpires", "116444736000020000", 2 },
		{ "ACCOUNTEXPIRES", "134407296000000000", 1796256000000 },
		{ "accountExpires=0", "134407296000000000", 0 },
		{ "other", "134407296000000000", 0 },
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_disabled test;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		assert_int_equal(au_disabled_parse(arena, rows[i].text, &test, NULL), 0);
		assert_int_equal(since(&test, rows[i].value), rows[i].since);
		if (rows[i].since != 0)
			assert_false(au_disabled_holds(&test, arena, rows[i].value));
	}
	/* An attribute that is said to have dates may have them in any form. */
	test = (struct au_disabled){ .attribute = "validUntil", .kind = AU_DISABLED_FROM };
	assert_int_equal(since(&test, "20261201000000Z"), 1796083200000);
	assert_int_equal(since(&test, "134407296000000000"), 1796256000000);
	assert_int_equal(since(&test, "2026-12-01"), 1796083200000);
	assert_int_equal(since(&test, "never"), 0);
	assert_int_equal(since(&test, "soon"), -1);
	assert_false(au_disabled_holds(&test, arena, "19991231000000Z"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expressions_give_texts),
		cmocka_unit_test(choice_that_gave_a_text_is_known),
		cmocka_unit_test(broken_expressions_are_refused),
		cmocka_unit_test(tests_know_the_disabled),
		cmocka_unit_test(time_alone_disables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
