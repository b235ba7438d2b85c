/* SPDX-License-Identifier: ISC */
/* Exit codes by tables of answers. */
#include "base/mem.h"
#include "ctl/verdict.h"
#include "tests/unit.h"

struct row {
	const char *json;
	enum au_exit code;
};

static void
assert_verdicts(enum au_exit (*verdict)(const json_t *json), const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		AU_CLEANUP(au_json_decrefp) json_t *json = json_loads(rows[i].json, 0, NULL);
		assert_non_null(json);
		if (verdict(json) != rows[i].code)
			fail_msg("%s gave %d", rows[i].json, (int)verdict(json));
	}
}

static void
status_is_in_sync_only_when_nothing_is_open_or_unsure(void **state)
{
	static const struct row rows[] = {
		{ "{\"steps\":{\"done\":9,\"failed\":2},\"dirty\":0,\"sources\":[{\"kind\":\"ldap\",\"state\":\"ok\","
		  "\"complete\":true},"
		  "{\"kind\":\"scim\",\"state\":\"new\"},{\"kind\":\"not configured\",\"state\":\"stale\"}],"
		  "\"targets\":[{\"ready\":true,\"paused\":false,\"problems\":0}]}",
		    AU_EXIT_SYNC },
		{ "{\"steps\":{\"queued\":1}}", AU_EXIT_PENDING },
		{ "{\"steps\":{\"running\":1}}", AU_EXIT_PENDING },
		{ "{\"steps\":{\"with-person\":1}}", AU_EXIT_PENDING },
		{ "{\"attested\":[{\"accounts\":3,\"soon\":3,\"stale\":0}]}", AU_EXIT_SYNC },
		{ "{\"attested\":[{\"accounts\":3,\"stale\":1}]}", AU_EXIT_PENDING },
		{ "{\"dirty\":1}", AU_EXIT_PENDING },
		{ "{\"sources\":[{\"kind\":\"ldap\",\"state\":\"ok\",\"complete\":false}]}", AU_EXIT_PENDING },
		{ "{\"sources\":[{\"kind\":\"ldap\",\"state\":\"stale\",\"complete\":true}]}", AU_EXIT_PENDING },
		{ "{\"targets\":[{\"paused\":true}]}", AU_EXIT_PENDING },
		{ "{\"targets\":[{\"ready\":false}]}", AU_EXIT_PENDING },
		{ "{\"targets\":[{\"problems\":1}]}", AU_EXIT_PENDING },
		{ "{\"targets\":[{\"conflicts\":1}]}", AU_EXIT_PENDING },
		{ "{\"steps\":{\"queued\":1,\"held\":1}}", AU_EXIT_HELD },
		{ "{\"sources\":[{\"kind\":\"ldap\",\"state\":\"suspect\",\"complete\":false}]}", AU_EXIT_HELD },
		{ "{\"sources\":[{\"kind\":\"ldap\",\"state\":\"paused\",\"held\":true}]}", AU_EXIT_HELD },
		{ "{\"sources\":[{\"kind\":\"ldap\",\"state\":\"paused\",\"held\":false}]}", AU_EXIT_PENDING },
	};

	(void)state;
	assert_verdicts(au_verdict_status, rows, AU_COUNT(rows));
}

static void
plan_pends_by_steps_or_findings_and_is_held_by_guards(void **state)
{
	static const struct row rows[] = {
		{ "{\"steps\":[],\"findings\":[]}", AU_EXIT_SYNC },
		{ "{\"steps\":[{\"state\":\"queued\"}],\"findings\":[]}", AU_EXIT_PENDING },
		{ "{\"steps\":[],\"findings\":[{}]}", AU_EXIT_PENDING },
		{ "{\"steps\":[{\"state\":\"queued\"},{\"state\":\"held\"}]}", AU_EXIT_HELD },
	};

	(void)state;
	assert_verdicts(au_verdict_plan, rows, AU_COUNT(rows));
}

static void
run_fails_before_it_is_held_before_it_pends(void **state)
{
	static const struct row rows[] = {
		{ "{\"complete\":true,\"steps_done\":5}", AU_EXIT_SYNC },
		{ "{\"complete\":false}", AU_EXIT_PENDING },
		{ "{\"complete\":false,\"steps_held\":1}", AU_EXIT_HELD },
		{ "{\"complete\":true,\"steps_held\":1,\"steps_failed\":1}", AU_EXIT_ERROR },
	};

	(void)state;
	assert_verdicts(au_verdict_run, rows, AU_COUNT(rows));
}

static void
held_and_audit_have_codes_of_their_own(void **state)
{
	static const struct row held[] = { { "{\"steps\":[]}", AU_EXIT_SYNC }, { "{\"steps\":[{}]}", AU_EXIT_HELD } };
	static const struct row audit[] = { { "{\"rows\":[]}", AU_EXIT_SYNC }, { "{\"intact\":true}", AU_EXIT_SYNC },
		{ "{\"intact\":false}", AU_EXIT_ERROR } };

	(void)state;
	assert_verdicts(au_verdict_held, held, AU_COUNT(held));
	assert_verdicts(au_verdict_audit, audit, AU_COUNT(audit));
}

static void
source_is_held_while_it_is_in_doubt(void **state)
{
	static const struct row rows[] = {
		{ "{\"state\":\"ok\",\"complete\":true}", AU_EXIT_SYNC },
		{ "{\"state\":\"ok\",\"complete\":false}", AU_EXIT_PENDING },
		{ "{\"state\":\"paused\",\"complete\":true}", AU_EXIT_PENDING },
		{ "{\"state\":\"quarantine\",\"complete\":true}", AU_EXIT_PENDING },
		{ "{\"state\":\"suspect\",\"complete\":false}", AU_EXIT_HELD },
	};

	(void)state;
	assert_verdicts(au_verdict_source, rows, AU_COUNT(rows));
}

static void
test_of_a_source_fails_by_errors_and_pends_by_warnings(void **state)
{
	static const struct row rows[] = {
		{ "{\"findings\":[]}", AU_EXIT_SYNC },
		{ "{\"findings\":[{\"level\":\"note\"}]}", AU_EXIT_SYNC },
		{ "{\"findings\":[{\"level\":\"note\"},{\"level\":\"warning\"}]}", AU_EXIT_PENDING },
		{ "{\"findings\":[{\"level\":\"warning\"},{\"level\":\"error\"}]}", AU_EXIT_ERROR },
	};

	(void)state;
	assert_verdicts(au_verdict_trial, rows, AU_COUNT(rows));
}

static void
saved_plan_pends_while_something_of_it_is_left(void **state)
{
	static const struct row rows[] = {
		{ "{\"applied\":false,\"empty\":true}", AU_EXIT_SYNC },
		{ "{\"applied\":true,\"complete\":true,\"queued\":2}", AU_EXIT_SYNC },
		{ "{\"applied\":true,\"complete\":true,\"left\":1}", AU_EXIT_PENDING },
		{ "{\"applied\":true,\"complete\":false}", AU_EXIT_PENDING },
		{ "{\"applied\":false,\"left\":3}", AU_EXIT_PENDING },
		{ "{\"applied\":true,\"complete\":true,\"held\":1,\"left\":1}", AU_EXIT_HELD },
		{ "{\"applied\":true,\"complete\":true,\"held\":1,\"steps_failed\":1}", AU_EXIT_ERROR },
	};

	(void)state;
	assert_verdicts(au_verdict_applied, rows, AU_COUNT(rows));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_is_in_sync_only_when_nothing_is_open_or_unsure),
		cmocka_unit_test(saved_plan_pends_while_something_of_it_is_left),
		cmocka_unit_test(plan_pends_by_steps_or_findings_and_is_held_by_guards),
		cmocka_unit_test(run_fails_before_it_is_held_before_it_pends),
		cmocka_unit_test(held_and_audit_have_codes_of_their_own),
		cmocka_unit_test(source_is_held_while_it_is_in_doubt),
		cmocka_unit_test(test_of_a_source_fails_by_errors_and_pends_by_warnings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
