/* SPDX-License-Identifier: ISC */
/* Saved plans: whatever is changed in one is found, and named. */
#include "tests/unit.h"

#include "model/saved_plan.h"

#include <stdio.h>
#include <string.h>

static const unsigned char key[AU_SAVED_PLAN_KEY] = { 7 };

static json_t *
sealed(void)
{
	json_t *plan =
	    json_loads("{\"version\":\"1\",\"made_ms\":5,\"made_by\":\"uid:0\",\"scope\":{},"
		       "\"inputs\":[{\"kind\":\"account\",\"name\":\"room/ann\",\"hash\":\"aa\"}],"
		       "\"steps\":[{\"op\":\"create\",\"login\":\"ann\",\"want\":{\"rights\":{\"roles\":[\"run\"]}}},"
		       "{\"op\":\"delete\",\"login\":\"bob\"}],\"findings\":[]}",
		0, NULL);

	assert_non_null(plan);
	au_saved_plan_seal(plan, key);
	return plan;
}

static void
an_untouched_plan_passes_in_any_spelling(void **state)
{
	AU_CLEANUP(au_json_decrefp) json_t *plan = sealed();
	AU_CLEANUP(au_freep) char *text = json_dumps(plan, JSON_INDENT(3) | JSON_SORT_KEYS | JSON_ENSURE_ASCII);
	AU_CLEANUP(au_json_decrefp) json_t *again = NULL;

	(void)state;
	assert_int_equal(au_saved_plan_check(plan, key, NULL), 0);
	assert_int_equal(au_json_parse(text, strlen(text), AU_SAVED_PLAN_DEPTH, &again, NULL), 0);
	assert_int_equal(au_saved_plan_check(again, key, NULL), 0);
	assert_int_equal(strlen(au_json_get_str(plan, "digest")) + 1, AU_SAVED_PLAN_DIGEST);
}

/* A change of the text, and how the refusal begins. */
static const struct row {
	const char *from, *to, *names;
	int code;
} rows[] = {
	{ "\"run\"", "\"admin\"", "steps[0] (create of 'ann'): ", AU_EINVAL },
	{ "\"bob\"", "\"cid\"", "steps[1] (delete of 'cid'): ", AU_EINVAL },
	{ "{\"login\":\"bob\",\"op\":\"delete\"}", "", "steps: ", AU_EINVAL },
	{ "\"hash\":\"aa\"", "\"hash\":\"ab\"", "inputs[0]: ", AU_EINVAL },
	{ "\"made_ms\":5", "\"made_ms\":6", "made_ms: ", AU_EINVAL },
	{ "\"made_by\":\"uid:0\"", "\"made_by\":\"uid:1\"", "made_by: ", AU_EINVAL },
	{ "\"scope\":{}", "\"scope\":{\"a\":1}", "scope: ", AU_EINVAL },
	{ "\"scope\":{},", "", "scope: is missing", AU_EINVAL },
	{ "\"scope\":{}", "\"extra\":1,\"scope\":{}", "extra: was not there", AU_EINVAL },
	{ "\"findings\":[]", "\"findings\":[{}]", "findings: ", AU_EINVAL },
	{ "\"format\":1", "\"format\":2", "format: is 2", AU_ENOSUP },
	{ "\"format\":1,", "", "format: is 0", AU_ENOSUP },
	{ "\"daemon\":\"", "\"daemon\":\"0", "daemon: ", AU_EPERM },
	{ "\"digest\":\"", "\"digest\":\"0", "digest: is not", AU_EINVAL },
	{ "\"digest\":", "\"dig\":", "digest: is missing", AU_EINVAL },
	{ "\"digests\":{", "\"digests\":{\"more\":\"00\",", "more: is missing", AU_EINVAL },
	{ "\"digests\":", "\"dig\":", "daemon: is not", AU_EINVAL },
};

static json_t *
changed(const struct row *row)
{
	AU_CLEANUP(au_json_decrefp) json_t *plan = sealed();
	AU_CLEANUP(au_freep) char *text = au_json_canonical(plan);
	const char *at = strstr(text, row->from);
	json_t *json = NULL;

	assert_non_null(at);
	const char *rest = at + strlen(row->from);
	/* A list loses its comma with its item. */
	int before = (int)(at - text) - (row->to[0] == '\0' && at[-1] == ',' && *rest == ']');
	AU_CLEANUP(au_freep) char *other = au_xasprintf("%.*s%s%s", before, text, row->to, rest);
	assert_int_equal(au_json_parse(other, strlen(other), AU_SAVED_PLAN_DEPTH, &json, NULL), 0);
	return json;
}

static void
whatever_is_changed_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_json_decrefp) json_t *plan = changed(&rows[i]);
		struct au_err err = { 0 };
		int rc = au_saved_plan_check(plan, key, &err);
		if (rc != rows[i].code || strncmp(err.text, rows[i].names, strlen(rows[i].names)) != 0)
			fail_msg("%s for %s gave %d: %s", rows[i].to, rows[i].from, rc, err.text);
	}
}

/* Who makes all digests anew still does not have the key. */
static void
digests_that_somebody_else_makes_are_worth_nothing(void **state)
{
	static const unsigned char other[AU_SAVED_PLAN_KEY] = { 8 };
	AU_CLEANUP(au_json_decrefp) json_t *plan = sealed();
	AU_CLEANUP(au_json_decrefp) json_t *daemon = json_copy(json_object_get(plan, "daemon"));
	struct au_err err = { 0 };

	(void)state;
	json_object_del(plan, "digests");
	json_object_del(plan, "digest");
	au_json_set_str(plan, "made_by", "uid:1");
	au_saved_plan_seal(plan, other);
	assert_int_equal(au_saved_plan_check(plan, key, &err), AU_EPERM);
	json_object_set(plan, "daemon", daemon);
	assert_int_equal(au_saved_plan_check(plan, key, &err), AU_EINVAL);
}

static void
what_is_no_plan_is_refused(void **state)
{
	static const char *const texts[] = { "{}", "[]", "{\"digest\":1}", "{\"digest\":\"\",\"format\":1}",
		"{\"steps\":[{}],\"findings\":[]}" };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(texts); i++) {
		AU_CLEANUP(au_json_decrefp) json_t *json = json_loads(texts[i], 0, NULL);
		assert_true(au_saved_plan_check(json, key, NULL) < 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_untouched_plan_passes_in_any_spelling),
		cmocka_unit_test(whatever_is_changed_is_named),
		cmocka_unit_test(digests_that_somebody_else_makes_are_worth_nothing),
		cmocka_unit_test(what_is_no_plan_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
