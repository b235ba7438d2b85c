/* SPDX-License-Identifier: ISC */
/* What adopting an account would come to, as people see it, and the question after it. */
#include "base/mem.h"
#include "ctl/ask.h"
#include "ctl/view.h"
#include "tests/unit.h"

#include <string.h>
#include <unistd.h>

static void
assert_view(const char *text, const char *expected)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = json_loads(text, 0, NULL);
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
	const struct au_plan_look look = { .all = true };

	assert_non_null(json);
	au_view_adoption(json, &look, &out);
	assert_string_equal(au_str_get(&out), expected);
}

#define PLAN                                                                                                           \
	"\"plan\":{\"steps\":[{\"id\":0,\"target\":\"room\",\"login\":\"eve\\u001b\",\"op\":\"set-rights\","           \
	"\"state\":\"held\",\"guard\":\"adopted\",\"was\":{\"rights\":{\"roles\":[\"old\",\"run\"]}},"                 \
	"\"want\":{\"rights\":{\"roles\":[\"run\"]}},\"reason\":\"rights differ\"}],\"findings\":[]},"                 \
	"\"frozen\":[{\"op\":\"set-profile\",\"was\":{\"mail\":\"e@old\"},\"want\":{\"mail\":\"e@new\"}}]}"

static void
what_is_held_and_what_is_frozen_are_told_apart(void **state)
{
	(void)state;
	assert_view("{\"target\":\"room\",\"login\":\"eve\\u001b\",\"user\":\"eve\",\"dry\":true,"
		    "\"account\":{\"remote_id\":\"7\",\"mail\":\"e@old\",\"active\":true,\"mark\":\"x\"}," PLAN,
	    "Account eve\\x1b of room, as it is now\n"
	    "  remote_id: 7\n"
	    "  mail: e@old\n"
	    "  active: yes\n"
	    "  It bears the mark of another owner, x: ask who that is.\n"
	    "It would be ours, of API user eve.  Nothing is changed in the product by that; its secret is not known.\n"
	    "\n"
	    "Held until it is confirmed:\n"
	    "room: 1 held\n"
	    "  ! eve\\x1b  set-rights\n"
	    "      roles: - old  (1 stays)\n"
	    "      rights differ\n"
	    "      held: adopted\n"
	    "\n"
	    "0 to add, 0 to change, 0 to remove, 1 held.\n"
	    "\n"
	    "As it is until it is confirmed, and then:\n"
	    "  set-profile\n"
	    "    mail: e@old → e@new\n");
}

static void
an_account_that_was_not_looked_up_is_told_with_its_age(void **state)
{
	(void)state;
	assert_view("{\"target\":\"room\",\"login\":\"eve\",\"user\":\"eve\",\"dry\":false,\"unseen\":\"it is paused\","
		    "\"seen_ms\":1795514400000,\"account\":{\"remote_id\":\"7\"},"
		    "\"plan\":{\"steps\":[],\"findings\":[]},\"frozen\":[]}",
	    "Account eve of room, as its list of 2026-11-24 10:00:00Z showed it; it was not looked up now: it is "
	    "paused\n"
	    "  remote_id: 7\n"
	    "It is ours now, of API user eve.  Nothing is changed in the product by that; its secret is not known.\n"
	    "\n"
	    "Held until it is confirmed:\n"
	    "Nothing to do: everything is as it should be.\n"
	    "\n"
	    "Confirm it with 'apiuserctl confirm eve room --reason TEXT'.\n");
}

static bool
says_yes(const char *typed)
{
	int in[2], out[2];
	char shown[16] = "";
	struct au_err err = { 0 };
	bool yes = false;

	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	assert_int_equal(write(in[1], typed, strlen(typed)), (ssize_t)strlen(typed));
	close(in[1]);
	assert_int_equal(au_ask_yes(in[0], out[1], "sure? ", &yes, &err), 0);
	assert_int_equal(read(out[0], shown, sizeof(shown) - 1), strlen("sure? "));
	assert_string_equal(shown, "sure? ");
	close(in[0]);
	close(out[0]);
	close(out[1]);
	return yes;
}

static void
only_yes_is_yes(void **state)
{
	(void)state;
	assert_true(says_yes("y\n"));
	assert_true(says_yes("YES\n"));
	assert_true(says_yes("yes"));
	assert_false(says_yes(""));
	assert_false(says_yes("\n"));
	assert_false(says_yes("n\n"));
	assert_false(says_yes("yes, but not now please\n"));
	assert_false(says_yes("no\ny\n"));
}

int
main(void)
{
	const struct CMUnitTest adoption[] = {
		cmocka_unit_test(what_is_held_and_what_is_frozen_are_told_apart),
		cmocka_unit_test(an_account_that_was_not_looked_up_is_told_with_its_age),
		cmocka_unit_test(only_yes_is_yes),
	};

	return cmocka_run_group_tests(adoption, NULL, NULL);
}
