/* SPDX-License-Identifier: ISC */
/* Who is the last one: of administrators, of a right's value, of an application; and whose log-in is nobody's to take.
 */
#include "tests/store/help.h"

#include "base/str.h"
#include "reconcile/guard.h"
#include "reconcile/last.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/protection.h"
#include "store/step.h"
#include "store/stranger.h"

#include <string.h>

static const struct au_product_rule product_rules[] = {
	{ .id = "A",
	    .text = "Two administer.",
	    .kind = AU_RULE_ADMIN,
	    .field = "rights.roles",
	    .min = 2,
	    .choices = (const char *const[]){ "1", "true", NULL } },
	{ .id = "E", .text = "Apps stay.", .kind = AU_RULE_EACH, .field = "rights.apps", .min = 1 },
	{ .id = NULL },
};
static const struct au_opt opts[] = {
	{ .name = "username", .type = AU_STR, .help = "Nothing." },
	{ .name = "operator", .type = AU_STR, .flags = AU_OWN_LOGIN, .help = "Who logs in." },
	AU_OPT_END,
};
static const struct au_opt target_opts[] = {
	{ .name = "protected", .type = AU_LIST, .help = "Who is protected." },
	AU_OPT_END,
};

struct world {
	struct fixture *f;
	struct au_describe describe;
	struct au_target_block target;
	struct au_settings settings;
	struct au_policy policy;
	struct au_plan *plan;
};

static void
begin(struct world *w, struct fixture *f)
{
	*w = (struct world){ .f = f, .describe = { .name = "fake", .rules = product_rules, .instance_opts = opts } };
	w->target = (struct au_target_block){ .block = { .name = "room" }, .describe = &w->describe };
	w->target.block.values = au_values_new(target_opts);
	w->target.options = json_pack("{s:s,s:s}", "operator", "Robot", "username", "ann");
	w->settings = (struct au_settings){ .targets = &w->target, .target_count = 1 };
	w->policy = (struct au_policy){ .settings = &w->settings };
	w->plan = au_plan_new();
}

static void
end(struct world *w)
{
	au_plan_free(w->plan);
	json_decref((json_t *)w->target.options);
	au_values_free(w->target.block.values);
}

static void
put(struct world *w, const char *login, int active, const char *rights)
{
	struct fixture *f = w->f;
	const struct au_apiuser user = { .id = login, .key = login };
	struct au_account account = { .id = login,
		.apiuser_id = login,
		.target = "room",
		.login = login,
		.state = AU_ACCOUNT_PRESENT,
		.active = active,
		.rights = rights };

	assert_ok(f, au_store_apiuser_put(f->tx, &user, &f->err));
	assert_ok(f, au_store_account_put(f->tx, &account, &f->err));
}

static void
put_stranger(struct world *w, const char *login, int active, const char *rights)
{
	struct fixture *f = w->f;
	struct au_stranger stranger = {
		.target = "room", .remote_id = login, .login = login, .active = active, .rights = rights
	};

	assert_ok(f, au_store_stranger_put(f->tx, &stranger, &f->err));
}

/* Plan that; judged later, with all others. */
static void
lose(struct world *w, const char *login, enum au_step_op op, const char *want)
{
	struct au_step step = { .account_id = login,
		.apiuser_id = login,
		.target = "room",
		.login = login,
		.op = op,
		.lane = au_step_lane(op, true),
		.state = AU_STEP_QUEUED,
		.want = want };

	au_plan_add(w->plan, &step);
}

/* Who is held by what, "ann: last-administrator; bob: protected", and nothing is planned any more. */
static const char *
judge(struct world *w)
{
	struct fixture *f = w->f;
	const char *told = "";

	assert_ok(f, au_last_judge(f->tx, &w->policy, w->plan, &f->err));
	for (size_t i = 0; i < w->plan->step_count; i++) {
		const struct au_step *step = &w->plan->steps[i];
		if (step->guards)
			told =
			    au_arena_printf(f->arena, "%s%s%s: %s", told, *told ? "; " : "", step->login, step->guards);
		assert_int_equal(step->state, step->guards ? AU_STEP_HELD : AU_STEP_QUEUED);
	}
	w->plan->step_count = 0;
	return told;
}

static void
administrators_are_known_by_values_of_any_kind(void **state)
{
	static const char *const rights[] = { "{\"roles\":[1,2]}", "{\"roles\":[\"1\"]}", "{\"roles\":1}",
		"{\"roles\":true}" };
	struct world w;

	for (size_t i = 0; i < AU_COUNT(rights); i++) {
		begin(&w, *state);
		put(&w, "ann", 1, rights[i]);
		put(&w, "bob", 1, rights[i]);
		put(&w, "cid", 1, rights[(i + 1) % AU_COUNT(rights)]);
		/* Of three one may go, of two none. */
		lose(&w, "ann", AU_STEP_DISABLE, "{}");
		assert_string_equal(judge(&w), "");
		put(&w, "cid", 0, rights[i]);
		lose(&w, "ann", AU_STEP_DISABLE, "{}");
		assert_string_equal(judge(&w), "ann: last-administrator");
		lose(&w, "ann", AU_STEP_DELETE, "{}");
		assert_string_equal(judge(&w), "ann: last-administrator");
		lose(&w, "ann", AU_STEP_SET_RIGHTS, "{\"rights\":{\"roles\":[2]}}");
		assert_string_equal(judge(&w), "ann: last-administrator");
		/* Who stays one loses no administrator, who was none does not either. */
		lose(&w, "ann", AU_STEP_SET_RIGHTS, "{\"rights\":{\"roles\":[1]}}");
		lose(&w, "cid", AU_STEP_DELETE, "{}");
		assert_string_equal(judge(&w), "");
		end(&w);
	}
}

static void
whoever_goes_along_is_no_stand_in(void **state)
{
	struct world w;

	begin(&w, *state);
	for (int i = 0; i < 4; i++)
		put(&w, au_arena_printf(w.f->arena, "a%d", i), 1, "{\"roles\":[1]}");
	lose(&w, "a0", AU_STEP_DISABLE, "{}");
	lose(&w, "a1", AU_STEP_SET_RIGHTS, "{\"rights\":{\"roles\":[]}}");
	assert_string_equal(judge(&w), "");
	lose(&w, "a0", AU_STEP_DISABLE, "{}");
	lose(&w, "a1", AU_STEP_SET_RIGHTS, "{\"rights\":{\"roles\":[]}}");
	lose(&w, "a2", AU_STEP_DELETE, "{}");
	assert_string_equal(judge(&w), "a0: last-administrator; a1: last-administrator; a2: last-administrator");
	/* Nor is one whose step is under way already, or who is not in order. */
	struct au_step step = { .account_id = "a3",
		.apiuser_id = "u",
		.target = "room",
		.login = "a3",
		.op = AU_STEP_SET_RIGHTS,
		.lane = AU_LANE_RESTRICT,
		.state = AU_STEP_RUNNING,
		.want = "{\"rights\":{\"roles\":[2]}}" };
	assert_ok(w.f, au_store_step_add(w.f->tx, &step, NULL, &w.f->err));
	lose(&w, "a0", AU_STEP_DISABLE, "{}");
	assert_string_equal(judge(&w), "");
	lose(&w, "a0", AU_STEP_DISABLE, "{}");
	lose(&w, "a1", AU_STEP_DISABLE, "{}");
	assert_string_equal(judge(&w), "a0: last-administrator; a1: last-administrator");
	end(&w);
}

static void
strangers_stand_in_while_they_are_active(void **state)
{
	struct world w;

	begin(&w, *state);
	put(&w, "ann", 1, "{\"roles\":[1]}");
	put(&w, "bob", 1, "{\"roles\":[1]}");
	put_stranger(&w, "off", 0, "{\"roles\":[1]}");
	put_stranger(&w, "unknown", -1, "{\"roles\":[1]}");
	put_stranger(&w, "other", 1, "{\"roles\":[3]}");
	put_stranger(&w, "unread", 1, NULL);
	lose(&w, "ann", AU_STEP_DISABLE, "{}");
	assert_string_equal(judge(&w), "ann: last-administrator");
	put_stranger(&w, "boss", 1, "{\"roles\":[3,1]}");
	lose(&w, "ann", AU_STEP_DISABLE, "{}");
	assert_string_equal(judge(&w), "");
	/* The flag says which option it is, not its name: username is "ann" here. */
	put(&w, "ROBOT", 1, "{}");
	lose(&w, "ROBOT", AU_STEP_DISABLE, "{}");
	assert_string_equal(judge(&w), "ROBOT: own-login");
	end(&w);
}

static void
our_own_login_stands_in_as_an_administrator_and_for_nothing_else(void **state)
{
	struct world w;

	begin(&w, *state);
	put(&w, "ann", 1, "{\"roles\":[1]}");
	put(&w, "cid", 1, "{\"roles\":[1]}");
	put(&w, "bob", 1, "{\"apps\":[\"CRM\"]}");
	put_stranger(&w, "robot", 1, "{\"roles\":[1],\"apps\":[\"CRM\"]}");
	lose(&w, "ann", AU_STEP_DISABLE, "{}");
	assert_string_equal(judge(&w), "");
	lose(&w, "bob", AU_STEP_DISABLE, "{}");
	assert_string_equal(judge(&w), "bob: last-of-right");
	end(&w);
}

static void
each_value_stays_with_somebody(void **state)
{
	struct world w;

	begin(&w, *state);
	put(&w, "ann", 1, "{\"apps\":[\"CRM\",\"Mail\"]}");
	put(&w, "bob", 1, "{\"apps\":[\"CRM\"]}");
	put(&w, "cid", -1, "{\"apps\":[\"Mail\"]}");
	lose(&w, "bob", AU_STEP_DISABLE, "{}");
	assert_string_equal(judge(&w), "");
	lose(&w, "ann", AU_STEP_SET_RIGHTS, "{\"rights\":{\"apps\":[\"Mail\"]}}");
	assert_string_equal(judge(&w), "");
	/* Of an account whose status is not known nothing is expected. */
	lose(&w, "ann", AU_STEP_DISABLE, "{}");
	assert_string_equal(judge(&w), "ann: last-of-right");
	put(&w, "cid", 1, "{\"apps\":[\"Mail\"]}");
	lose(&w, "ann", AU_STEP_DISABLE, "{}");
	assert_string_equal(judge(&w), "");
	lose(&w, "ann", AU_STEP_DISABLE, "{}");
	lose(&w, "bob", AU_STEP_DISABLE, "{}");
	assert_string_equal(judge(&w), "ann: last-of-right; bob: last-of-right");
	end(&w);
}

static void
a_protection_holds_whatever_takes_something(void **state)
{
	const struct au_protection row = {
		.target = "room", .login = "Ann", .actor = "uid:0", .reason = "payroll", .at_ms = 1000
	};
	struct world w;
	const char *why = NULL;

	begin(&w, *state);
	put(&w, "ann", 1, "{}");
	assert_ok(w.f, au_store_protection_put(w.f->tx, &row, &w.f->err));
	lose(&w, "ann", AU_STEP_DISABLE, "{}");
	lose(&w, "ann", AU_STEP_SET_RIGHTS, "{\"rights\":{}}");
	assert_ok(w.f, au_last_protects(w.f->tx, w.f->arena, &w.policy, &w.plan->steps[0], &why, &w.f->err));
	assert_string_equal(
	    why, "'ann' is protected in target 'room' by uid:0 since 1970-01-01T00:00:01.000Z: payroll");
	assert_string_equal(judge(&w), "ann: protected; ann: protected");
	lose(&w, "ann", AU_STEP_SET_RIGHTS, "{}");
	w.plan->steps[0].lane = AU_LANE_SAFE;
	assert_ok(w.f, au_last_protects(w.f->tx, w.f->arena, &w.policy, &w.plan->steps[0], &why, &w.f->err));
	assert_null(why);
	assert_string_equal(judge(&w), "");
	assert_ok(w.f, au_store_protection_remove(w.f->tx, "room", "ANN", &w.f->err));
	lose(&w, "ann", AU_STEP_DISABLE, "{}");
	assert_string_equal(judge(&w), "");
	end(&w);
}

#define LAST_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_tx, tear_down_tx)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LAST_TEST(administrators_are_known_by_values_of_any_kind),
		LAST_TEST(whoever_goes_along_is_no_stand_in),
		LAST_TEST(strangers_stand_in_while_they_are_active),
		LAST_TEST(our_own_login_stands_in_as_an_administrator_and_for_nothing_else),
		LAST_TEST(each_value_stays_with_somebody),
		LAST_TEST(a_protection_holds_whatever_takes_something),
	};

	return RUN_FOR_EACH_BACKEND(tests);
}
