/* SPDX-License-Identifier: ISC */
/* The plan as people read it: what it looks like, and that it stays readable when it is large. */
#include "base/mem.h"
#include "ctl/view.h"
#include "tests/unit.h"

#include <string.h>

static char *
render(const json_t *json, bool all, size_t columns)
{
	const struct au_plan_look look = { .all = all, .columns = columns };
	struct au_str out = AU_STR_INIT;

	au_view_plan(json, &look, &out);
	return au_str_take(&out);
}

static void
assert_plan(const char *text, const char *expected)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = json_loads(text, 0, NULL);
	AU_CLEANUP(au_freep) char *shown = render(json, false, 0);

	assert_non_null(json);
	assert_string_equal(shown, expected);
}

static void
steps_stand_under_their_target_with_marks_values_and_totals(void **state)
{
	(void)state;
	assert_plan(
	    "{\"steps\":["
	    "{\"number\":1,\"op\":\"delete\",\"target\":\"room\",\"login\":\"dan\",\"state\":\"held\",\"id\":12,"
	    " \"guard\":\"6 removals in 24h\"},"
	    "{\"number\":2,\"op\":\"create\",\"target\":\"room\",\"login\":\"ann\",\"state\":\"queued\","
	    " \"reason\":\"rule 'run'\",\"want\":{\"login\":\"ann\",\"active\":true,\"rights\":{\"roles\":[\"run\"]}}},"
	    "{\"number\":3,\"op\":\"set-rights\",\"target\":\"room\",\"login\":\"cid\",\"state\":\"queued\","
	    " \"want\":{\"rights\":{\"roles\":[\"run\",\"build\"],\"seat\":\"a\",\"new\":1}},"
	    " \"was\":{\"rights\":{\"roles\":[\"run\"],\"seat\":\"a\",\"old\":2}}},"
	    "{\"number\":4,\"op\":\"disable\",\"target\":\"tabs\",\"login\":\"bob\",\"state\":\"queued\","
	    " \"want\":{\"active\":false},\"was\":{\"active\":true}}"
	    "],\"findings\":[{\"target\":\"tabs\",\"text\":\"login 'eve' is taken\"},{\"text\":\"two people, one "
	    "mail\"}]}",
	    "room: 1 to add, 1 to change, 1 held\n"
	    "  ! dan  delete (step 12, held)\n"
	    "      held: 6 removals in 24h\n"
	    "  + ann  create\n"
	    "      login: ann\n"
	    "      active: yes\n"
	    "      roles: [run]\n"
	    "      rule 'run'\n"
	    "  ~ cid  set-rights\n"
	    "      roles: + build  (1 stays)\n"
	    "      old: 2 → -\n"
	    "      new: - → 1\n"
	    "\n"
	    "tabs: 1 to remove\n"
	    "  - bob  disable\n"
	    "      active: yes → no\n"
	    "  ? login 'eve' is taken\n"
	    "\n"
	    "in general\n"
	    "  ? two people, one mail\n"
	    "\n"
	    "1 to add, 1 to change, 1 to remove, 1 held; 2 things to look into.\n");
}

static void
what_waits_says_for_what(void **state)
{
	(void)state;
	assert_plan("{\"steps\":["
		    "{\"number\":1,\"op\":\"disable\",\"target\":\"room\",\"login\":\"bob\"},"
		    "{\"number\":2,\"op\":\"create\",\"target\":\"room\",\"login\":\"ann\",\"note\":\"born open\"},"
		    "{\"number\":3,\"op\":\"enable\",\"target\":\"room\",\"login\":\"ann\",\"after\":[1,2]},"
		    "{\"number\":4,\"op\":\"create\",\"target\":\"tabs\",\"login\":\"ann\",\"after\":[1],"
		    " \"state\":\"waiting\",\"guard\":\"a slot of 'tabs'\"}],\"findings\":[]}",
	    "room: 2 to add, 1 to remove\n"
	    "  - bob  disable\n"
	    "  + ann  create\n"
	    "      note: born open\n"
	    "  + ann  enable\n"
	    "      after: disable of bob, create\n"
	    "\n"
	    "tabs: 1 to add\n"
	    "  + ann  create\n"
	    "      after: disable of bob in room\n"
	    "      waits: a slot of 'tabs'\n"
	    "\n"
	    "3 to add, 0 to change, 1 to remove, 0 held; 1 of them cannot begin yet.\n");
}

static void
findings_of_one_text_are_one(void **state)
{
	(void)state;
	assert_plan("{\"steps\":[],\"findings\":["
		    "{\"target\":\"room\",\"key\":\"a@b\",\"text\":\"removal waits\"},"
		    "{\"target\":\"room\",\"key\":\"b@b\",\"text\":\"removal waits\"},"
		    "{\"target\":\"room\",\"key\":\"c@b\",\"text\":\"no mail\"}]}",
	    "room\n"
	    "  ? removal waits (a@b, b@b)\n"
	    "  ? no mail (c@b)\n"
	    "\n"
	    "0 to add, 0 to change, 0 to remove, 0 held; 3 things to look into.\n");
}

static json_t *
large_plan(int creates, int deletes)
{
	json_t *steps = json_array(), *findings = json_array();

	for (int i = 0; i < creates + deletes; i++) {
		AU_CLEANUP(au_freep) char *login = au_xasprintf("user-%d", i);
		json_array_append_new(
		    steps, json_pack("{s:s, s:s, s:s, s:s, s:i}", "op", i < deletes ? "delete" : "create", "target",
			       "room", "login", login, "state", "queued", "number", i + 1));
		json_array_append_new(
		    findings, json_pack("{s:s, s:s, s:s}", "target", "room", "key", login, "text", "the same for all"));
	}
	return json_pack("{s:o, s:o}", "steps", steps, "findings", findings);
}

static size_t
lines_of(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += *text == '\n';
	return count;
}

static void
ten_thousand_joins_do_not_hide_one_removal(void **state)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = large_plan(10000, 1);
	AU_CLEANUP(au_freep) char *shown = render(json, false, 75);
	AU_CLEANUP(au_freep) char *whole = render(json, true, 75);

	(void)state;
	assert_string_equal(shown, "room: 10000 to add, 1 to remove\n"
				   "  - user-0  delete\n"
				   "  + 10000 times create: user-1, user-2, user-3, user-4, user-5, ...\n"
				   "  ? the same for all (user-0, user-1, user-2, user-3, user-4, ... 10001 in\n"
				   "      all)\n"
				   "\n"
				   "Of what is many of a kind, --all shows each.\n"
				   "10000 to add, 0 to change, 1 to remove, 0 held; 10001 things to look into.\n");
	assert_true(lines_of(whole) > 10000);
	assert_non_null(strstr(whole, "  + user-10000  create\n"));
	assert_null(strstr(whole, "--all"));
}

static void
empty_plan_says_so(void **state)
{
	(void)state;
	assert_plan("{\"steps\":[],\"findings\":[]}", "Nothing to do: everything is as it should be.\n");
}

static void
names_cannot_play_with_the_terminal(void **state)
{
	AU_CLEANUP(au_json_decrefp)
	json_t *json = json_loads(
	    "{\"steps\":[{\"op\":\"create\",\"target\":\"a\\u001b]0;x\\u0007\",\"login\":\"b\\u001b[1m\","
	    "\"reason\":\"c\\rd\",\"want\":{\"e\\u009b\":\"f\\nroot\"},\"state\":\"waiting\",\"guard\":\"h\\u001b\"}],"
	    "\"findings\":[{\"text\":\"g\\u001b\",\"key\":\"k\\u001b\"}]}",
	    0, NULL);
	AU_CLEANUP(au_freep) char *text = render(json, false, 40);

	(void)state;
	assert_null(strchr(text, '\x1b'));
	assert_null(strchr(text, '\r'));
	assert_null(strchr(text, '\a'));
	assert_null(strstr(text, "\nroot"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_stand_under_their_target_with_marks_values_and_totals),
		cmocka_unit_test(what_waits_says_for_what),
		cmocka_unit_test(findings_of_one_text_are_one),
		cmocka_unit_test(ten_thousand_joins_do_not_hide_one_removal),
		cmocka_unit_test(empty_plan_says_so),
		cmocka_unit_test(names_cannot_play_with_the_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
