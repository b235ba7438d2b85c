/* SPDX-License-Identifier: ISC */
/* Plans that are saved: what they hold, that making them changes nothing, and what becomes of them when applied. */
#include "base/clock.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "model/saved_plan.h"
#include "store/fact.h"
#include "store/plan_done.h"
#include "tests/control/stage.h"
#include "tests/unit.h"

#include <string.h>
#include <unistd.h>

#define DAEMON 1 /* another operator */

static const json_t *
save(struct stage *s)
{
	const json_t *json;

	assert_int_equal(stage_talk(s, "POST", "/v1/plan", "{\"save\":true}", &json), 200);
	return json;
}

static bool
stands_on(const json_t *plan, const json_t *step, const char *kind, const char *name)
{
	const json_t *place;
	size_t index;

	json_array_foreach (json_object_get(step, "stands_on"), index, place) {
		const json_t *input =
		    json_array_get(json_object_get(plan, "inputs"), (size_t)json_integer_value(place));
		if (au_streq(au_json_get_str(input, "kind"), kind) && au_streq(au_json_get_str(input, "name"), name))
			return true;
	}
	return false;
}

static void
a_saved_plan_has_steps_inputs_and_reasons(void **state)
{
	struct stage *s = *state;
	const json_t *plan, *step, *because;
	unsigned char key[AU_SAVED_PLAN_KEY];
	struct au_err err = { 0 };

	stage_run(s);
	stage_join(s, "bob");
	plan = save(s);
	assert_int_equal(json_array_size(json_object_get(plan, "steps")), 1);
	step = json_array_get(json_object_get(plan, "steps"), 0);
	assert_string_equal(au_json_get_str(step, "op"), "create");
	assert_true(stands_on(plan, step, "options", "reconcile"));
	assert_true(stands_on(plan, step, "target", "room"));
	assert_true(stands_on(plan, step, "rules", "room"));
	assert_true(stands_on(plan, step, "template", "runner"));
	assert_true(stands_on(plan, step, "source", "corp"));
	assert_true(stands_on(plan, step, "membership", "room/bob@example.com"));
	assert_true(stands_on(plan, step, "person", "bob@example.com"));
	assert_true(stands_on(plan, step, "account", "room/bob"));
	because = json_array_get(json_object_get(step, "because"), 0);
	assert_string_equal(au_json_get_str(because, "template"), "runner");
	assert_int_equal(au_json_get_bool(because, "holds", false), true);
	assert_true(json_array_size(json_object_get(because, "entries")) > 0);
	au_sealer_derive(s->sealer, AU_SAVED_PLAN_CONTEXT, key);
	if (au_saved_plan_check(plan, key, &err) < 0)
		fail_msg("%s", err.text);
}

/* I10: a dry run keeps nothing, whatever it plans. */
static void
a_dry_run_leaves_store_cookies_and_target_byte_identical(void **state)
{
	static const char *const plans[] = { "{}", "{\"save\":true}", "{\"user\":\"bob@example.com\"}",
		"{\"target\":\"room\",\"save\":true}" };
	struct stage *s = *state;

	stage_run(s);
	stage_join(s, "bob");
	stage_join(s, "cid");
	fake_target_reset_calls(s->target);
	size_t calls = fake_target_asked(s->target), len = 0, len_after = 0;
	AU_CLEANUP(au_freep) char *before = stage_bytes(s, &len);
	for (size_t i = 0; i < AU_COUNT(plans); i++) {
		const json_t *json;
		assert_int_equal(stage_talk(s, "POST", "/v1/plan", plans[i], &json), 200);
		assert_true(json_array_size(json_object_get(json, "steps")) > 0);
	}
	AU_CLEANUP(au_freep) char *after = stage_bytes(s, &len_after);
	assert_int_equal(len, len_after);
	assert_memory_equal(before, after, len);
	assert_string_equal(fake_target_calls(s->target), "");
	assert_int_equal(fake_target_asked(s->target), calls);
	/* The comparison is worth something: a change of one row is seen. */
	stage_join(s, "ann");
	stage_run(s);
	AU_CLEANUP(au_freep) char *later = stage_bytes(s, &len_after);
	assert_true(len != len_after || memcmp(before, later, len) != 0);
}

/* ---- applying ---- */

/* A copy that outlives the answers; hands it to the arena. */
static json_t *
keep(struct stage *s, const json_t *plan)
{
	return au_json_in_arena(s->arena, json_deep_copy(plan));
}

static int
apply_to(struct stage *s, const json_t *plan, bool unmoved, const json_t **ret)
{
	AU_CLEANUP(au_json_decrefp) json_t *body = json_object();
	AU_CLEANUP(au_freep) char *text = NULL;

	json_object_set(body, "plan", (json_t *)plan);
	json_object_set_new(body, "unmoved", json_boolean(unmoved));
	text = json_dumps(body, JSON_COMPACT);
	return stage_talk(s, "POST", "/v1/plan/apply", text, ret);
}

static const json_t *
apply(struct stage *s, const json_t *plan, bool unmoved)
{
	const json_t *json = NULL;

	assert_int_equal(apply_to(s, plan, unmoved, &json), 200);
	return json;
}

static void
assert_applied(const json_t *result, bool applied, long long queued, long long left)
{
	assert_int_equal(au_json_get_bool(result, "applied", -1), applied);
	assert_int_equal(au_json_get_int(result, "queued"), queued);
	assert_int_equal(au_json_get_int(result, "left"), left);
}

/* Exactly one input moved; returns it. */
static const json_t *
assert_moved(const json_t *result, const char *kind, const char *name)
{
	const json_t *moved = json_object_get(result, "moved"), *item = json_array_get(moved, 0);

	if (json_array_size(moved) != 1) {
		AU_CLEANUP(au_freep) char *text = au_json_text(moved);
		fail_msg("%s", text);
	}
	assert_string_equal(au_json_get_str(item, "kind"), kind);
	assert_string_equal(au_json_get_str(item, "name"), name);
	return item;
}

static int
leave_work(struct au_store_tx *tx, void *person, struct au_err *err)
{
	return au_store_member_remove(tx, "corp", "g-run", person, NULL, err);
}

static void
leave(struct stage *s, const char *person)
{
	AU_CLEANUP(au_freep) char *id = au_xasprintf("p-%s", person);

	stage_store(s, leave_work, id);
}

static void
a_plan_is_applied_with_its_digest_in_the_audit(void **state)
{
	struct stage *s = *state;
	const json_t *plan, *result, *row, *json;

	stage_run(s);
	stage_join(s, "bob");
	plan = keep(s, save(s));
	fake_target_reset_calls(s->target);
	result = apply(s, plan, false);
	assert_applied(result, true, 1, 0);
	assert_int_equal(au_json_get_bool(result, "complete", false), true);
	assert_int_equal(au_json_get_int(result, "steps_done"), 1);
	assert_string_equal(fake_target_calls(s->target), "find bob, create bob");
	AU_CLEANUP(au_freep)
	char *path = au_xasprintf("/v1/audit?limit=1&object=%s", au_json_get_str(plan, "digest"));
	assert_int_equal(stage_talk(s, "GET", path, NULL, &json), 200);
	row = json_array_get(json_object_get(json, "rows"), 0);
	assert_string_equal(au_json_get_str(row, "verb"), "plan.apply");
	assert_non_null(strstr(au_json_get_str(row, "actor"), "uid:"));
	/* Once more there is nothing left of it. */
	result = apply(s, plan, false);
	assert_int_equal(au_json_get_bool(result, "empty", false), true);
	assert_string_equal(fake_target_calls(s->target), "find bob, create bob");
}

static void
only_the_accounts_of_the_plan_are_read(void **state)
{
	struct stage *s = *state;
	const json_t *plan;

	stage_run(s);
	stage_join(s, "bob");
	plan = keep(s, save(s));
	leave(s, "bob");
	size_t before = fake_target_asked(s->target);
	apply(s, plan, false);
	assert_int_equal(fake_target_asked(s->target), before + 1);
}

static void
a_member_that_moved_is_named_and_nothing_is_begun(void **state)
{
	struct stage *s = *state;
	const json_t *plan, *result, *item;

	stage_run(s);
	stage_join(s, "bob");
	plan = keep(s, save(s));
	leave(s, "bob");
	fake_target_reset_calls(s->target);
	result = apply(s, plan, false);
	assert_applied(result, false, 0, 1);
	item = assert_moved(result, "membership", "room/bob@example.com");
	assert_non_null(strstr(au_json_get_str(json_object_get(item, "was"), "run"), "in "));
	assert_non_null(strstr(au_json_get_str(json_object_get(item, "now"), "run"), "but not in"));
	assert_applied(apply(s, plan, true), false, 0, 1);
	assert_string_equal(fake_target_calls(s->target), "find bob, find bob");
	/* It was not applied, so it may be when things are as they were. */
	stage_join(s, "bob");
	assert_applied(apply(s, plan, false), true, 1, 0);
}

static void
a_right_that_moved_in_the_product_is_named(void **state)
{
	struct stage *s = *state;
	const json_t *plan, *result, *item;

	stage_run(s);
	leave(s, "ann");
	plan = keep(s, save(s));
	fake_target_change(s->target, "ann", "{\"roles\":[\"admin\"]}", -1);
	fake_target_reset_calls(s->target);
	result = apply(s, plan, false);
	assert_applied(result, false, 0, 1);
	item = assert_moved(result, "account", "room/ann");
	AU_CLEANUP(au_freep) char *now = au_json_text(json_object_get(json_object_get(item, "now"), "rights"));
	assert_string_equal(now, "{\"roles\":[\"admin\"]}");
	assert_string_equal(fake_target_calls(s->target), "");
}

static void
a_login_that_came_meanwhile_is_named(void **state)
{
	struct stage *s = *state;
	const json_t *plan;

	stage_run(s);
	stage_join(s, "bob");
	plan = keep(s, save(s));
	fake_target_add_foreign(s->target, "bob");
	assert_non_null(au_json_get_str(assert_moved(apply(s, plan, false), "account", "room/bob"), "text"));
}

static void
a_target_that_cannot_be_asked_is_named(void **state)
{
	struct stage *s = *state;
	const json_t *plan, *result;

	stage_run(s);
	stage_join(s, "bob");
	plan = keep(s, save(s));
	fake_target_fail(s->target, AU_CALL_FIND, AU_ETEMP, 1, false);
	result = apply(s, plan, true);
	assert_applied(result, false, 0, 1);
	assert_non_null(strstr(au_json_get_str(assert_moved(result, "account", "room/bob"), "text"), "cannot be read"));
}

static void
what_rests_on_nothing_that_moved_is_done_when_asked_for(void **state)
{
	struct stage *s = *state;
	const json_t *plan, *result;

	stage_run(s);
	stage_join(s, "bob");
	stage_join(s, "cid");
	plan = keep(s, save(s));
	leave(s, "cid");
	fake_target_reset_calls(s->target);
	result = apply(s, plan, true);
	assert_moved(result, "membership", "room/cid@example.com");
	assert_applied(result, true, 1, 1);
	assert_string_equal(fake_target_calls(s->target), "find bob, find cid, create bob");
}

static void
a_plan_is_not_applied_a_second_time(void **state)
{
	struct stage *s = *state;
	const json_t *plan, *json = NULL;

	stage_run(s);
	stage_join(s, "bob");
	plan = keep(s, save(s));
	apply(s, plan, false);
	/* All that the plan says is to be done again. */
	fake_target_drop(s->target, "bob");
	fake_target_fail(s->target, AU_CALL_CREATE, AU_ETEMP, 100, false);
	stage_run(s);
	fake_target_reset_calls(s->target);
	assert_int_equal(apply_to(s, plan, false, &json), 409);
	assert_non_null(strstr(au_json_get_str(json_object_get(json, "error"), "text"), "already"));
	assert_int_equal(apply_to(s, plan, true, &json), 409);
	assert_string_equal(fake_target_calls(s->target), "find bob, find bob");
}

static void
a_plan_that_was_changed_is_refused_by_its_member(void **state)
{
	static const unsigned char other[AU_SAVED_PLAN_KEY] = { 3 };
	struct stage *s = *state;
	const json_t *json = NULL;
	json_t *plan, *foreign;

	stage_run(s);
	stage_join(s, "bob");
	plan = keep(s, save(s));
	foreign = keep(s, plan);
	json_object_set_new(json_array_get(json_object_get(plan, "steps"), 0), "op", json_string("delete"));
	fake_target_reset_calls(s->target);
	assert_int_equal(apply_to(s, plan, true, &json), 400);
	assert_non_null(strstr(au_json_get_str(json_object_get(json, "error"), "text"), "steps[0] (delete of 'bob')"));
	json_object_del(foreign, "digest");
	json_object_del(foreign, "digests");
	au_saved_plan_seal(foreign, other);
	assert_int_equal(apply_to(s, foreign, true, &json), 403);
	assert_non_null(strstr(au_json_get_str(json_object_get(json, "error"), "text"), "another daemon"));
	assert_int_equal(apply_to(s, json_object_get(plan, "scope"), true, &json), 400);
	assert_string_equal(fake_target_calls(s->target), "");
}

/* A plan of ours as it would have been made at another time. */
static void
date_back(struct stage *s, json_t *plan, long long made_ms)
{
	unsigned char key[AU_SAVED_PLAN_KEY];

	au_json_set_int(plan, "made_ms", made_ms);
	json_object_del(plan, "digest");
	json_object_del(plan, "digests");
	au_sealer_derive(s->sealer, AU_SAVED_PLAN_CONTEXT, key);
	au_saved_plan_seal(plan, key);
}

static int
put_done_work(struct au_store_tx *tx, void *done, struct au_err *err)
{
	return au_store_plan_done_put(tx, done, err);
}

struct known {
	const char *digest;
	bool is_known;
};

static int
find_done_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct known *known = arg;
	struct au_plan_done done;
	int rc = au_store_plan_done_get(tx, arena, known->digest, &done, err);

	known->is_known = rc == 0;
	return rc == AU_ENOENT ? 0 : rc;
}

static bool
is_known(struct stage *s, const char *digest)
{
	struct known known = { .digest = digest };

	stage_store(s, find_done_work, &known);
	return known.is_known;
}

static void
what_is_too_old_is_neither_applied_nor_remembered(void **state)
{
	static const long long day_ms = 24 * 3600 * 1000LL;
	struct stage *s = *state;
	const json_t *json = NULL;
	json_t *plan;
	long long now_ms = au_clock_wall_ms();
	struct au_plan_done old = { .digest = "old", .actor = "uid:0", .at_ms = now_ms - 31 * day_ms };
	struct au_plan_done young = { .digest = "young", .actor = "uid:0", .at_ms = now_ms - 29 * day_ms };

	stage_store(s, put_done_work, &old);
	stage_store(s, put_done_work, &young);
	stage_run(s);
	stage_join(s, "bob");
	plan = keep(s, save(s));
	date_back(s, plan, now_ms - 31 * day_ms);
	fake_target_reset_calls(s->target);
	assert_int_equal(apply_to(s, plan, true, &json), 400);
	assert_non_null(strstr(au_json_get_str(json_object_get(json, "error"), "text"), "older than plan_age"));
	assert_true(is_known(s, "old"));
	date_back(s, plan, now_ms - 29 * day_ms);
	assert_applied(apply(s, plan, false), true, 1, 0);
	assert_false(is_known(s, "old"));
	assert_true(is_known(s, "young"));
	assert_true(is_known(s, au_json_get_str(plan, "digest")));
	assert_int_equal(stage_talk(s, "GET", "/v1/audit?object=plans", NULL, &json), 200);
	json = json_array_get(json_object_get(json, "rows"), 0);
	assert_string_equal(au_json_get_str(json, "verb"), "plan.forget");
	assert_int_equal(au_json_get_int(json_object_get(json, "detail"), "plans"), 1);
}

/* Two people at once, beside a full run: who comes second finds it done, and nothing is done twice. */
static void
a_plan_that_is_applied_twice_at_once_is_done_once(void **state)
{
	struct stage *s = *state;
	AU_CLEANUP(au_json_decrefp) json_t *body = json_object();
	AU_CLEANUP(au_freep) char *text = NULL;
	size_t begun = 0, late = 0;
	int fds[3];

	stage_run(s);
	stage_join(s, "bob");
	json_object_set_new(body, "plan", json_deep_copy(save(s)));
	text = json_dumps(body, JSON_COMPACT);
	fake_target_reset_calls(s->target);
	fds[0] = stage_send(s, "POST", "/v1/plan/apply", text);
	fds[1] = stage_send(s, "POST", "/v1/apply", "{}");
	fds[2] = stage_send(s, "POST", "/v1/plan/apply", text);
	for (size_t i = 0; i < AU_COUNT(fds); i++) {
		const char *answer = stage_receive(s, fds[i]);
		begun += i != 1 && strstr(answer, " 200 ") && strstr(answer, "\"applied\":true");
		late += i != 1 && (strstr(answer, " 409 ") || strstr(answer, "\"empty\":true") ||
				      strstr(answer, "\"applied\":false"));
	}
	assert_int_equal(begun + late, 2);
	assert_true(begun <= 1);
	assert_int_equal(fake_target_find(s->target, "bob")->created, 1);
	assert_null(strstr(fake_target_calls(s->target), "create bob, create bob"));
}

/* Whoever asked for what is held lets nobody else down: here he may not approve it himself. */
static void
who_asked_for_a_step_does_not_approve_it(void **state)
{
	struct stage *s = *state;
	const json_t *plan, *json = NULL;
	AU_CLEANUP(au_freep) char *body = NULL;

	stage_run(s);
	leave(s, "ann");
	plan = keep(s, save(s));
	assert_int_equal(au_json_get_int(apply(s, plan, false), "held"), 1);
	assert_int_equal(stage_talk(s, "GET", "/v1/held?target=room&guard=emptied-group&user=ann", NULL, &json), 200);
	assert_int_equal(json_array_size(json_object_get(json, "steps")), 1);
	body = au_xasprintf("{\"steps\":[%lld],\"reason\":\"I say so\"}",
	    au_json_get_int(json_array_get(json_object_get(json, "steps"), 0), "id"));
	assert_int_equal(stage_talk(s, "GET", "/v1/held?guard=own-login", NULL, &json), 200);
	assert_int_equal(json_array_size(json_object_get(json, "steps")), 0);
	assert_int_equal(stage_talk(s, "GET", "/v1/held?target=hall", NULL, &json), 200);
	assert_int_equal(json_array_size(json_object_get(json, "steps")), 0);
	assert_int_equal(stage_talk(s, "GET", "/v1/held?user=bob", NULL, &json), 200);
	assert_int_equal(json_array_size(json_object_get(json, "steps")), 0);
	assert_int_equal(stage_talk(s, "GET", "/v1/held?user=ann@example.com", NULL, &json), 200);
	assert_int_equal(json_array_size(json_object_get(json, "steps")), 1);
	assert_int_equal(stage_talk(s, "POST", "/v1/held/approve", body, &json), 400);
	assert_non_null(strstr(au_json_get_str(json_object_get(json, "error"), "text"), "approve_own"));
	if (getuid() == 0) {
		assert_int_equal(stage_talk_as(s, DAEMON, "POST", "/v1/held/approve", body, &json), 200);
		json = json_array_get(json_object_get(json, "steps"), 0);
		assert_string_equal(au_json_get_str(json, "state"), "queued");
		return;
	}
	assert_int_equal(stage_talk(s, "POST", "/v1/held/reject", body, &json), 200);
}

static void
who_ran_a_user_does_not_approve_what_that_came_to(void **state)
{
	struct stage *s = *state;
	const json_t *json = NULL;
	AU_CLEANUP(au_freep) char *body = NULL;

	stage_run(s);
	leave(s, "ann");
	assert_int_equal(stage_talk(s, "POST", "/v1/users/ann/run", "{}", &json), 200);
	assert_int_equal(stage_talk(s, "GET", "/v1/held?user=ann", NULL, &json), 200);
	assert_int_equal(json_array_size(json_object_get(json, "steps")), 1);
	body = au_xasprintf("{\"steps\":[%lld],\"reason\":\"I say so\"}",
	    au_json_get_int(json_array_get(json_object_get(json, "steps"), 0), "id"));
	assert_int_equal(stage_talk(s, "POST", "/v1/held/approve", body, &json), 400);
	assert_non_null(strstr(au_json_get_str(json_object_get(json, "error"), "text"), "approve_own"));
}

static void
a_plan_without_steps_is_done(void **state)
{
	struct stage *s = *state;
	const json_t *result;

	stage_run(s);
	result = apply(s, keep(s, save(s)), false);
	assert_int_equal(au_json_get_bool(result, "empty", false), true);
}

static void
a_body_is_large_only_where_a_plan_is_wanted(void **state)
{
	struct stage *s = *state;
	AU_CLEANUP(au_json_decrefp) json_t *body = json_object();
	AU_CLEANUP(au_freep) char *filler = au_xcalloc(1, (80 << 10) + 1), *text = NULL;

	memset(filler, 'x', 80 << 10);
	json_object_set_new(body, "plan", json_pack("{s:s}", "filler", filler));
	text = json_dumps(body, JSON_COMPACT);
	assert_int_equal(stage_talk(s, "POST", "/v1/plan/apply", text, NULL), 400);
	assert_int_equal(stage_talk(s, "POST", "/v1/apply", text, NULL), 413);
}

#define LIVE(test) cmocka_unit_test_setup_teardown(test, stage_set_up, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(a_saved_plan_has_steps_inputs_and_reasons),
		LIVE(a_plan_is_applied_with_its_digest_in_the_audit),
		LIVE(only_the_accounts_of_the_plan_are_read),
		LIVE(a_member_that_moved_is_named_and_nothing_is_begun),
		LIVE(a_right_that_moved_in_the_product_is_named),
		LIVE(a_login_that_came_meanwhile_is_named),
		LIVE(a_target_that_cannot_be_asked_is_named),
		LIVE(what_rests_on_nothing_that_moved_is_done_when_asked_for),
		LIVE(a_plan_is_not_applied_a_second_time),
		LIVE(a_plan_that_was_changed_is_refused_by_its_member),
		LIVE(what_is_too_old_is_neither_applied_nor_remembered),
		LIVE(a_plan_that_is_applied_twice_at_once_is_done_once),
		LIVE(who_asked_for_a_step_does_not_approve_it),
		LIVE(who_ran_a_user_does_not_approve_what_that_came_to),
		LIVE(a_plan_without_steps_is_done),
		LIVE(a_body_is_large_only_where_a_plan_is_wanted),
		LIVE(a_dry_run_leaves_store_cookies_and_target_byte_identical),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
