/* SPDX-License-Identifier: ISC */
/* What people read of templates. */
#include "base/mem.h"
#include "ctl/verdict.h"
#include "ctl/view.h"
#include "tests/unit.h"

static json_t *
parse(const char *text)
{
	json_t *json = json_loads(text, 0, NULL);

	if (json == NULL)
		fail_msg("no JSON: %s", text);
	return json;
}

static void
assert_view(au_view *view, const char *text, const char *expected)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = parse(text);
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;

	view(json, false, &out);
	assert_string_equal(au_str_get(&out), expected);
}

static void
assert_difference(const char *text, enum au_exit code, const char *expected)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = parse(text);
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
	const struct au_plan_look look = { .columns = 0 };

	au_view_template_difference(json, &look, &out);
	assert_string_equal(au_str_get(&out), expected);
	assert_int_equal(au_verdict_template(json), code);
}

static void
one_in_force_has_rights_rules_pools_and_givers(void **state)
{
	(void)state;
	assert_view(au_view_template,
	    "{\"template\":\"runner\",\"target\":\"room\",\"product\":\"Automation "
	    "Anywhere\",\"description\":\"Runs.\","
	    "\"rights\":{\"auto_login\":false,\"roles\":[\"AAE_Basic\"]},\"defaults\":[\"auto_login\"],"
	    "\"resolved\":{\"auto_login\":false,\"roles\":[3]},"
	    "\"rules\":[{\"id\":\"AA-R09\",\"field\":\"rights.roles\",\"text\":\"A user has a role.\",\"evidence\":"
	    "\"documented\"}],"
	    "\"takes\":[{\"pool\":\"licence:RUNTIME\",\"units\":1,\"free\":2},{\"pool\":\"desks\",\"units\":2}],"
	    "\"given_by\":[{\"rule\":\"run\",\"source\":\"corp\",\"group\":\"cn=run\",\"people\":2}]}",
	    "runner for room (Automation Anywhere)\n"
	    "  Runs.\n"
	    "  auto_login: no  (the default)\n"
	    "  roles: [AAE_Basic]\n"
	    "  at the target: {\"auto_login\":false,\"roles\":[3]}\n"
	    "  AA-R09 (documented): A user has a role.\n"
	    "  takes 1 of 'licence:RUNTIME', of which 2 are free\n"
	    "  takes 2 of 'desks'\n"
	    "  given by rule 'run' to 2 members of cn=run in corp\n");
	assert_view(au_view_template,
	    "{\"template\":\"a\",\"target\":\"room\",\"rights\":{},\"problem\":\"role 'x' is unknown\"}",
	    "a for room\n  role 'x' is unknown\n  no rule gives it to anybody\n");
	assert_view(au_view_template, "{\"template\":\"a\",\"target\":\"room\",\"rights\":{}}",
	    "a for room\n  the target has not resolved it yet\n  no rule gives it to anybody\n");
}

#define FINE "{\"template\":\"a\",\"target\":\"room\",\"product\":\"Fake\",\"resolved\":{\"roles\":[1]}}"
#define UNASKED "{\"template\":\"b\",\"target\":\"room\",\"unasked\":\"offline\"}"
#define WRONG "{\"template\":\"c\",\"target\":null,\"problem\":\"f.conf:3: no\\u0007\"}"

static void
each_template_of_a_file_has_its_verdict(void **state)
{
	(void)state;
	assert_view(au_view_template_check, "{\"templates\":[" FINE "," UNASKED "," WRONG "]}",
	    "a for room (Fake): fine, at the target {\"roles\":[1]}\n"
	    "b for room: fine by the rules; the target was not asked: offline\n"
	    "c for -: f.conf:3: no\\x07\n");
	AU_CLEANUP(au_json_decrefp) json_t *fine = parse("{\"templates\":[" FINE "," UNASKED "]}");
	AU_CLEANUP(au_json_decrefp) json_t *wrong = parse("{\"templates\":[" FINE "," WRONG "]}");
	assert_int_equal(au_verdict_template_check(fine), AU_EXIT_SYNC);
	assert_int_equal(au_verdict_template_check(wrong), AU_EXIT_ERROR);
}

#define HEAD                                                                                                           \
	"{\"template\":\"runner\",\"target\":\"room\",\"product\":\"Fake\","                                           \
	"\"was\":{\"target\":\"room\",\"rights\":{\"roles\":[\"run\"]}},"                                              \
	"\"given_by\":[{\"rule\":\"run\",\"source\":\"corp\",\"group\":\"cn=run\",\"people\":1}],"
#define NOW(roles) "\"now\":{\"target\":\"room\",\"rights\":{\"roles\":[" roles "]}},"
#define STEP(state)                                                                                                    \
	"{\"target\":\"room\",\"login\":\"ann\",\"op\":\"set-rights\",\"number\":1,\"state\":\"" state "\","           \
	"\"was\":{\"rights\":{\"roles\":[\"run\"]}},\"want\":{\"rights\":{\"roles\":[\"list\",\"run\"]}},"             \
	"\"guard\":\"guard 'configuration'\"}"

static void
a_changed_one_is_told_from_old_to_new(void **state)
{
	(void)state;
	assert_difference(HEAD NOW("\"run\",\"list\"") "\"plan\":{\"steps\":[" STEP("queued") "]},\"anyhow\":2}",
	    AU_EXIT_PENDING,
	    "runner for room (Fake):\n"
	    "  roles: + list  (1 stays)\n"
	    "  given by rule 'run' to one member of cn=run in corp\n"
	    "\n"
	    "room: 1 to change\n"
	    "  ~ ann  set-rights\n"
	    "      roles: + list  (1 stays)\n"
	    "\n"
	    "0 to add, 1 to change, 0 to remove, 0 held.\n"
	    "It would change one account.\n"
	    "Beside that 2 steps are planned anyhow, see 'apiuserctl plan'.\n");
	assert_difference(HEAD NOW("\"run\",\"list\"") "\"plan\":{\"steps\":[" STEP("held") "]}}", AU_EXIT_HELD,
	    "runner for room (Fake):\n"
	    "  roles: + list  (1 stays)\n"
	    "  given by rule 'run' to one member of cn=run in corp\n"
	    "\n"
	    "room: 1 held\n"
	    "  ! ann  set-rights\n"
	    "      roles: + list  (1 stays)\n"
	    "      held: guard 'configuration'\n"
	    "\n"
	    "0 to add, 0 to change, 0 to remove, 1 held.\n"
	    "It would change one account.\n");
}

static void
what_changes_nothing_says_so(void **state)
{
	(void)state;
	assert_difference(HEAD NOW("\"run\"") "\"plan\":{\"steps\":[],\"findings\":[]}}", AU_EXIT_SYNC,
	    "runner for room (Fake):\n"
	    "  nothing of it has changed\n"
	    "  given by rule 'run' to one member of cn=run in corp\n"
	    "\n"
	    "It would change 0 accounts.\n");
	assert_difference("{\"template\":\"new\",\"target\":\"room\"," NOW("\"run\"") "\"plan\":{\"steps\":[]},"
										      "\"withdrawn\":[" STEP(
											  "queued") "],\"anyhow\":1}",
	    AU_EXIT_PENDING,
	    "new for room, which is new:\n"
	    "  target: room\n"
	    "  roles: [run]\n"
	    "  no rule gives it to anybody\n"
	    "\n"
	    "This would be done no more:\n"
	    "  ann  set-rights in room\n"
	    "Beside that one step is planned anyhow, see 'apiuserctl plan'.\n");
}

int
main(void)
{
	const struct CMUnitTest views[] = {
		cmocka_unit_test(one_in_force_has_rights_rules_pools_and_givers),
		cmocka_unit_test(each_template_of_a_file_has_its_verdict),
		cmocka_unit_test(a_changed_one_is_told_from_old_to_new),
		cmocka_unit_test(what_changes_nothing_says_so),
	};

	return cmocka_run_group_tests(views, NULL, NULL);
}
