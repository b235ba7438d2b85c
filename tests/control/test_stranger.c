/* SPDX-License-Identifier: ISC */
/* What others do in targets, through the control socket: shown to viewers, decided by operators, each deed audited. */
#include "base/mem.h"
#include "base/str.h"
#include "tests/control/stage.h"
#include "tests/unit.h"

#include <string.h>
#include <unistd.h>

#define NOBODY 65534

static const json_t *
get(struct stage *s, const char *path)
{
	const json_t *json;

	assert_int_equal(stage_talk(s, "GET", path, NULL, &json), 200);
	return json;
}

static const json_t *
nth(const json_t *json, const char *list, size_t index)
{
	return json_array_get(json_object_get(json, list), index);
}

static size_t
size(const json_t *json, const char *list)
{
	return json_array_size(json_object_get(json, list));
}

static int
post(struct stage *s, const char *path, const char *body)
{
	const json_t *json;

	return stage_talk(s, "POST", path, body, &json);
}

static void
assert_audited(struct stage *s, const char *verb, const char *reason)
{
	const json_t *json = get(s, "/v1/audit?limit=200"), *row;
	size_t index;

	json_array_foreach (json_object_get(json, "rows"), index, row)
		if (au_streq(au_json_get_str(row, "verb"), verb)) {
			assert_string_equal(au_json_get_str(json_object_get(row, "detail"), "reason"), reason);
			return;
		}
	fail_msg("%s is not in the audit", verb);
}

static void
drift_is_told_value_by_value(void **state)
{
	struct stage *s = *state;
	const json_t *item;

	stage_run(s);
	assert_int_equal(size(get(s, "/v1/drift"), "drift"), 0);
	fake_target_fail(s->target, AU_CALL_SET_RIGHTS, AU_ETEMP, 1000, false);
	fake_target_change(s->target, "ann", "{\"roles\":[\"admin\"]}", -1);
	stage_run(s);
	assert_int_equal(size(get(s, "/v1/drift?target=room"), "drift"), 1);
	item = nth(get(s, "/v1/drift"), "drift", 0);
	assert_string_equal(au_json_get_str(item, "login"), "ann");
	assert_string_equal(au_json_get_str(item, "policy"), "restore");
	assert_string_equal(au_json_get_str(nth(item, "values", 0), "name"), "rights.roles");
	assert_string_equal(au_json_get_str(json_object_get(item, "open"), "op"), "set-rights");
	assert_string_equal(au_json_get_str(json_object_get(item, "ours"), "op"), "create");
	assert_true(au_json_get_int(item, "since_ms") > 0);
	const json_t *json;
	assert_int_equal(size(get(s, "/v1/drift?user=ann"), "drift"), 1);
	assert_int_equal(size(get(s, "/v1/drift?user=ann&target=room"), "drift"), 1);
	stage_join(s, "bob");
	stage_run(s);
	assert_int_equal(size(get(s, "/v1/drift?user=bob"), "drift"), 0);
	assert_int_equal(stage_talk(s, "GET", "/v1/drift?user=nobody", NULL, &json), 404);
	assert_int_equal(stage_talk(s, "GET", "/v1/drift?target=nowhere", NULL, &json), 404);
}

static void
strangers_are_listed_adopted_and_confirmed(void **state)
{
	struct stage *s = *state;
	const json_t *json;

	stage_run(s);
	fake_target_add_foreign(s->target, "eve");
	fake_target_add_foreign(s->target, "bob");
	stage_run(s);
	json = get(s, "/v1/strangers");
	assert_int_equal(size(json, "strangers"), 2);
	assert_int_equal(au_json_get_int(nth(json, "targets", 0), "all"), 2);
	assert_int_equal(au_json_get_int(nth(json, "targets", 0), "active"), 2);
	stage_join(s, "bob");
	stage_run(s);
	json = nth(get(s, "/v1/conflicts"), "conflicts", 0);
	assert_string_equal(au_json_get_str(json, "kind"), "login");
	assert_string_equal(au_json_get_str(nth(json, "candidates", 0), "login"), "bob");
	assert_int_equal(size(json, "ways"), 3);

	assert_int_equal(post(s, "/v1/targets/room/adopt", "{\"login\":\"bob\",\"user\":\"bob\"}"), 400);
	assert_int_equal(
	    post(s, "/v1/targets/nowhere/adopt", "{\"login\":\"bob\",\"user\":\"bob\",\"reason\":\"his\"}"), 404);
	assert_int_equal(
	    post(s, "/v1/targets/room/adopt", "{\"login\":\"zoe\",\"user\":\"bob\",\"reason\":\"his\"}"), 404);
	/* I10: what it would come to is shown, and nothing of it is kept. */
	size_t len = 0, len_after = 0;
	AU_CLEANUP(au_freep) char *before = stage_bytes(s, &len);
	assert_int_equal(stage_talk(s, "POST", "/v1/targets/room/adopt",
			     "{\"login\":\"bob\",\"user\":\"bob\",\"dry_run\":true}", &json),
	    200);
	AU_CLEANUP(au_freep) char *after = stage_bytes(s, &len_after);
	assert_int_equal(len, len_after);
	assert_memory_equal(before, after, len);
	assert_true(au_json_get_bool(json, "dry", false));
	assert_null(au_json_get_str(json, "unseen"));
	assert_string_equal(au_json_get_str(nth(json_object_get(json, "plan"), "steps", 0), "state"), "held");
	AU_CLEANUP(au_freep)
	char *mine = au_xasprintf("{\"login\":\"bob\",\"user\":\"bob\",\"reason\":\"his\",\"id\":\"%s\"}",
	    au_json_get_str(json_object_get(json, "account"), "remote_id"));
	assert_int_equal(size(get(s, "/v1/conflicts"), "conflicts"), 1);
	assert_int_equal(
	    post(s, "/v1/targets/room/adopt", "{\"login\":\"bob\",\"user\":\"bob\",\"reason\":\"his\",\"id\":\"999\"}"),
	    400);
	assert_int_equal(post(s, "/v1/targets/room/adopt", mine), 200);
	assert_audited(s, "account.adopt", "his");
	stage_run(s);
	assert_int_equal(size(get(s, "/v1/conflicts"), "conflicts"), 0);
	assert_string_equal(fake_target_find(s->target, "bob")->rights, "{}");
	json = nth(get(s, "/v1/users/bob"), "accounts", 0);
	assert_string_equal(au_json_get_str(json, "adoption"), "new");
	assert_int_equal(size(get(s, "/v1/held"), "steps"), 1);
	assert_int_equal(post(s, "/v1/users/bob/confirm/room", "{\"reason\":\"looked\"}"), 200);
	assert_audited(s, "account.confirm", "looked");
	stage_run(s);
	assert_int_equal(size(get(s, "/v1/held"), "steps"), 0);
	assert_string_not_equal(fake_target_find(s->target, "bob")->rights, "{}");
	assert_int_equal(post(s, "/v1/users/bob/confirm/room", "{\"reason\":\"again\"}"), 400);
}

static void
what_is_ignored_is_listed_as_such_and_no_stranger(void **state)
{
	struct stage *s = *state;

	fake_target_add_foreign(s->target, "root");
	stage_run(s);
	assert_int_equal(size(get(s, "/v1/strangers"), "strangers"), 1);
	assert_int_equal(
	    post(s, "/v1/targets/room/ignore", "{\"login\":\"Root\",\"reason\":\"the vendor's own\"}"), 200);
	assert_audited(s, "stranger.ignore", "the vendor's own");
	assert_int_equal(size(get(s, "/v1/strangers"), "strangers"), 0);
	stage_run(s);
	assert_int_equal(size(get(s, "/v1/strangers"), "strangers"), 0);
	assert_int_equal(au_json_get_int(nth(get(s, "/v1/strangers"), "targets", 0), "ignored"), 1);
	assert_string_equal(au_json_get_str(nth(get(s, "/v1/ignored"), "ignored", 0), "login"), "Root");
	assert_int_equal(post(s, "/v1/targets/room/unignore", "{\"login\":\"root\"}"), 200);
	assert_int_equal(post(s, "/v1/targets/room/unignore", "{\"login\":\"root\"}"), 404);
	stage_run(s);
	assert_int_equal(size(get(s, "/v1/strangers"), "strangers"), 1);
}

static void
an_api_user_expires_when_a_person_says_so(void **state)
{
	struct stage *s = *state;

	stage_run(s);
	assert_int_equal(post(s, "/v1/users/ann/expire", "{\"at\":\"2026-12-31\"}"), 400);
	assert_int_equal(post(s, "/v1/users/ann/expire", "{\"at\":\"soon\",\"reason\":\"x\"}"), 400);
	assert_int_equal(post(s, "/v1/users/nobody/expire", "{\"at\":\"never\",\"reason\":\"x\"}"), 404);
	assert_int_equal(post(s, "/v1/users/ann/expire", "{\"at\":\"2020-01-01\",\"reason\":\"project over\"}"), 200);
	assert_audited(s, "apiuser.expire", "project over");
	stage_run(s);
	assert_int_equal(fake_target_find(s->target, "ann")->active, 0);
	assert_int_equal(au_json_get_int(get(s, "/v1/users/ann"), "expires_ms"), 1577836800000LL);
	assert_int_equal(au_json_get_int(get(s, "/v1/status"), "expired"), 1);
	assert_int_equal(post(s, "/v1/users/ann/expire", "{\"at\":\"never\",\"reason\":\"prolonged\"}"), 200);
	stage_run(s);
	assert_int_equal(fake_target_find(s->target, "ann")->active, 1);
	assert_int_equal(au_json_get_int(get(s, "/v1/status"), "expired"), 0);
}

static void
what_is_protected_is_told_with_why(void **state)
{
	struct stage *s = *state;
	const json_t *json, *item;

	stage_run(s);
	assert_int_equal(size(get(s, "/v1/protected"), "protected"), 0);
	assert_int_equal(post(s, "/v1/targets/room/protect", "{\"login\":\"ann\"}"), 400);
	assert_int_equal(post(s, "/v1/targets/room/protect", "{\"login\":\"\",\"reason\":\"x\"}"), 400);
	assert_int_equal(post(s, "/v1/targets/void/protect", "{\"login\":\"ann\",\"reason\":\"x\"}"), 404);
	assert_int_equal(post(s, "/v1/targets/room/unprotect", "{\"login\":\"ann\",\"reason\":\"x\"}"), 404);
	assert_int_equal(stage_talk(s, "POST", "/v1/targets/room/protect",
			     "{\"login\":\"Ann\",\"reason\":\"payroll\"}", &json),
	    200);
	assert_string_equal(au_json_get_str(json, "owner"), "ours");
	assert_audited(s, "account.protect", "payroll");
	assert_int_equal(stage_talk(s, "POST", "/v1/targets/room/protect",
			     "{\"login\":\"nobody-yet\",\"reason\":\"to come\"}", &json),
	    200);
	assert_null(au_json_get_str(json, "owner"));
	/* Said twice, the later reason counts. */
	assert_int_equal(
	    post(s, "/v1/targets/room/protect", "{\"login\":\"ANN\",\"reason\":\"payroll, still\"}"), 200);
	assert_int_equal(size(get(s, "/v1/protected"), "protected"), 2);
	item = nth(get(s, "/v1/protected"), "protected", 0);
	assert_string_equal(au_json_get_str(item, "login"), "ANN");
	assert_string_equal(au_json_get_str(item, "reason"), "payroll, still");
	assert_true(au_json_get_int(item, "at_ms") > 0);
	assert_int_equal(post(s, "/v1/targets/room/unprotect", "{\"login\":\"ann\",\"reason\":\"moved\"}"), 200);
	assert_audited(s, "account.unprotect", "moved");
	assert_int_equal(size(get(s, "/v1/protected"), "protected"), 1);
}

/* Who may only look decides nothing. */
static void
viewers_look_and_operators_decide(void **state)
{
	static const char *const deeds[] = { "/v1/targets/room/adopt", "/v1/targets/room/ignore",
		"/v1/targets/room/unignore", "/v1/targets/room/protect", "/v1/targets/room/unprotect",
		"/v1/users/ann/confirm/room", "/v1/users/ann/expire" };
	struct stage *s = *state;
	const json_t *json;

	if (getuid() != 0)
		skip();
	for (size_t i = 0; i < AU_COUNT(deeds); i++)
		assert_int_equal(stage_talk_as(s, NOBODY, "POST", deeds[i], "{}", &json), 403);
}

int
main(void)
{
#define STRANGER_TEST(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)
	const struct CMUnitTest strangers[] = {
		STRANGER_TEST(drift_is_told_value_by_value),
		STRANGER_TEST(strangers_are_listed_adopted_and_confirmed),
		STRANGER_TEST(what_is_ignored_is_listed_as_such_and_no_stranger),
		STRANGER_TEST(an_api_user_expires_when_a_person_says_so),
		STRANGER_TEST(what_is_protected_is_told_with_why),
		STRANGER_TEST(viewers_look_and_operators_decide),
	};

	return cmocka_run_group_tests(strangers, NULL, NULL);
}
