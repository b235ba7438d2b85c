/* SPDX-License-Identifier: ISC */
/* Templates at the control socket: what one in force comes to, and what one that is not would change. */
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "settings/raw_json.h"
#include "settings/settings_template.h"
#include "tests/control/stage.h"
#include "tests/unit.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#define RUNNER(rights) "{ name = \"runner\"; target = \"room\";\n rights = {\n  " rights "\n }; }"

static const char *
write_templates(struct stage *s, const char *blocks)
{
	const char *path = au_arena_printf(s->arena, "%s/templates.conf", s->folder);
	AU_CLEANUP(au_freep) char *text = au_xasprintf("templates = ( %s );\n", blocks);

	assert_int_equal(au_io_replace(path, 0600, text, strlen(text), NULL), 0);
	return path;
}

/* The request's body, with the block that apiuserctl would read out of such a file. */
static const char *
body_of(struct stage *s, const char *name, const char *blocks)
{
	const char *path = write_templates(s, blocks);
	const struct au_raw *root, *block;
	struct au_err err = { 0 };
	json_t *body = au_json_in_arena(s->arena, json_object());
	AU_CLEANUP(au_freep) char *text = NULL;

	if (au_raw_read(s->arena, path, &root, &err) < 0 || au_template_find(root, name, &block, &err) < 0)
		fail_msg("%s", err.text);
	json_object_set_new(body, "block", au_raw_to_json(block));
	text = au_json_text(body);
	return au_arena_strdup(s->arena, text);
}

static const json_t *
ask(struct stage *s, const char *what, const char *name, const char *blocks, int status)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("/v1/templates/%s/%s", name, what);
	const json_t *json;

	assert_int_equal(stage_talk(s, "POST", path, blocks ? body_of(s, name, blocks) : NULL, &json), status);
	return json;
}

static const char *
error_of(const json_t *json)
{
	return au_json_get_str(json_object_get(json, "error"), "text");
}

static void
expect_member(const json_t *json, const char *name, const char *wanted)
{
	AU_CLEANUP(au_freep) char *text = au_json_canonical(json_object_get(json, name));

	assert_string_equal(text, wanted);
}

/* "ann set-rights queued, bob create held" */
static void
expect_steps(const json_t *list, const char *wanted)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;
	const json_t *step;
	size_t index;

	json_array_foreach ((json_t *)list, index, step)
		au_str_printf(&text, "%s%s %s %s", index > 0 ? ", " : "", au_json_get_str(step, "login"),
		    au_json_get_str(step, "op"), au_json_get_str(step, "state"));
	assert_string_equal(au_str_get(&text), wanted);
}

/* ---- in force ---- */

static void
one_in_force_is_shown_whole(void **state)
{
	struct stage *s = *state;
	const json_t *json;

	stage_run(s);
	stage_join(s, "bob");
	assert_int_equal(stage_talk(s, "GET", "/v1/templates/runner", NULL, &json), 200);
	assert_string_equal(au_json_get_str(json, "target"), "room");
	assert_string_equal(au_json_get_str(json, "product"), "Fake");
	expect_member(json, "rights", "{\"roles\":[\"run\"]}");
	expect_member(json, "resolved", "{\"roles\":[\"run\"]}");
	expect_member(json, "defaults", "[]");
	expect_member(json, "given_by",
	    "[{\"group\":\"cn=api-run,ou=groups,dc=example,dc=com\",\"people\":2,\"rule\":\"run\",\"source\":\"corp\"}"
	    "]");
	assert_int_equal(stage_talk(s, "GET", "/v1/templates/nobody", NULL, &json), 404);
	assert_string_equal(error_of(json), "template 'nobody': not configured");
}

/* ---- check ---- */

static void
a_block_is_checked_by_rows_and_then_by_its_target(void **state)
{
	struct stage *s = *state;
	const json_t *json;

	stage_run(s);
	json = ask(s, "check", "runner", RUNNER("roles = [ \"run\", \"list\" ];"), 200);
	expect_member(json, "resolved", "{\"roles\":[\"run\",\"list\"]}");
	assert_false(au_json_get_bool(json, "is_new", true));
	json = ask(s, "check", "other", "{ name = \"other\"; target = \"room\"; rights = { roles = [ ]; }; }", 200);
	assert_true(au_json_get_bool(json, "is_new", false));
	json = ask(s, "check", "runner", RUNNER("rolls = [ \"run\" ];"), 400);
	assert_non_null(strstr(error_of(json), "templates.conf:3: option 'rolls': unknown; did you mean 'roles'?"));
	fake_target_fail(s->target, AU_CALL_RESOLVE, AU_EINVAL, 1, false);
	json = ask(s, "check", "runner", RUNNER("roles = [ \"run\" ];"), 400);
	assert_non_null(strstr(error_of(json), "templates.conf:"));
	/* Whatever else is in the way says nothing of the block. */
	fake_target_fail(s->target, AU_CALL_RESOLVE, AU_ETEMP, 1, false);
	json = ask(s, "check", "runner", RUNNER("roles = [ \"run\" ];"), 200);
	assert_null(json_object_get(json, "resolved"));
	assert_non_null(au_json_get_str(json, "unasked"));
}

static void
a_target_that_is_paused_is_left_alone(void **state)
{
	struct stage *s = *state;
	size_t asked;
	const json_t *json;

	stage_run(s);
	assert_int_equal(stage_talk(s, "POST", "/v1/targets/room/pause", "{\"reason\":\"r\"}", &json), 200);
	asked = fake_target_asked(s->target);
	json = ask(s, "check", "runner", RUNNER("roles = [ \"list\" ];"), 200);
	assert_non_null(strstr(au_json_get_str(json, "unasked"), "paused"));
	json = ask(s, "diff", "runner", RUNNER("roles = [ \"list\" ];"), 503);
	assert_non_null(strstr(error_of(json), "target 'room': the target is paused"));
	assert_int_equal(fake_target_asked(s->target), asked);
}

static void
a_body_that_is_no_block_of_that_name_is_refused(void **state)
{
	static const char *const bodies[] = { "{\"block\":1}", "{\"block\":{}}", "{\"blok\":{}}",
		"{\"block\":{\"file\":\"f\",\"line\":1,\"kind\":\"group\",\"members\":[]}}" };
	struct stage *s = *state;
	const json_t *json;

	for (size_t i = 0; i < AU_COUNT(bodies); i++)
		assert_int_equal(stage_talk(s, "POST", "/v1/templates/runner/check", bodies[i], &json), 400);
	assert_int_equal(
	    stage_talk(s, "POST", "/v1/templates/other/diff", body_of(s, "runner", RUNNER("roles = [ ];")), &json),
	    400);
	assert_string_equal(error_of(json), "block: expected that of template 'other'");
	/* A depth that no template has. */
	AU_CLEANUP(au_str_done) struct au_str deep = AU_STR_INIT;
	au_str_put(&deep, "{\"block\":");
	for (size_t i = 0; i < 40; i++)
		au_str_put(&deep, "{\"members\":[");
	for (size_t i = 0; i < 40; i++)
		au_str_put(&deep, "]}");
	au_str_putc(&deep, '}');
	assert_int_equal(stage_talk(s, "POST", "/v1/templates/runner/check", au_str_get(&deep), &json), 400);
}

/* ---- diff ---- */

static void
a_changed_one_says_what_it_changes_for_whom(void **state)
{
	struct stage *s = *state;
	const json_t *json, *step;
	size_t len = 0, len_after = 0;

	stage_join(s, "bob");
	stage_run(s);
	stage_join(s, "cid"); /* what is planned anyhow */
	fake_target_reset_calls(s->target);
	AU_CLEANUP(au_freep) char *before = stage_bytes(s, &len);
	json = ask(s, "diff", "runner", RUNNER("roles = [ \"run\", \"list\" ];"), 200);
	expect_member(json_object_get(json, "was"), "rights", "{\"roles\":[\"run\"]}");
	expect_member(json_object_get(json, "now"), "rights", "{\"roles\":[\"run\",\"list\"]}");
	expect_steps(json_object_get(json_object_get(json, "plan"), "steps"),
	    "cid create queued, ann set-rights queued, bob set-rights queued");
	step = json_array_get(json_object_get(json_object_get(json, "plan"), "steps"), 1);
	expect_member(json_object_get(step, "was"), "rights", "{\"roles\":[\"run\"]}");
	expect_member(json_object_get(step, "want"), "rights", "{\"roles\":[\"list\",\"run\"]}");
	expect_steps(json_object_get(json, "withdrawn"), "");
	assert_int_equal(au_json_get_int(json, "anyhow"), 0);
	/* One that is the same changes nothing, and who joins is planned anyhow. */
	json = ask(s, "diff", "runner", RUNNER("roles = [ \"run\" ];"), 200);
	expect_steps(json_object_get(json_object_get(json, "plan"), "steps"), "");
	expect_member(json_object_get(json, "plan"), "findings", "[]");
	assert_int_equal(au_json_get_int(json, "anyhow"), 1);
	/* Nothing was written, and nothing was done. */
	AU_CLEANUP(au_freep) char *after = stage_bytes(s, &len_after);
	assert_int_equal(len, len_after);
	assert_memory_equal(before, after, len);
	assert_string_equal(fake_target_calls(s->target), "");
	/* The comparison is worth something. */
	stage_run(s);
	AU_CLEANUP(au_freep) char *later = stage_bytes(s, &len_after);
	assert_true(len != len_after || memcmp(before, later, len) != 0);
}

static void
what_it_takes_away_is_held_as_after_a_reload(void **state)
{
	struct stage *s = *state;
	const json_t *json, *step;

	stage_join(s, "bob");
	stage_run(s);
	json = ask(s, "diff", "runner", RUNNER("roles = [ \"list\" ];"), 200);
	expect_steps(
	    json_object_get(json_object_get(json, "plan"), "steps"), "ann set-rights held, bob set-rights held");
	step = json_array_get(json_object_get(json_object_get(json, "plan"), "steps"), 0);
	assert_non_null(strstr(au_json_get_str(step, "guard"), "guard 'configuration'"));
}

static void
one_that_nobody_is_given_changes_nothing(void **state)
{
	struct stage *s = *state;
	const json_t *json;

	stage_run(s);
	json =
	    ask(s, "diff", "other", "{ name = \"other\"; target = \"room\"; rights = { roles = [ \"x\" ]; }; }", 200);
	assert_null(json_object_get(json, "was"));
	assert_true(au_json_get_bool(json, "is_new", false));
	expect_member(json, "given_by", "[]");
	expect_steps(json_object_get(json_object_get(json, "plan"), "steps"), "");
}

static void
what_would_be_done_no_more_is_told(void **state)
{
	struct stage *s = *state;
	const json_t *json;

	stage_run(s);
	assert_int_equal(
	    stage_talk(s, "POST", "/v1/targets/room/protect", "{\"login\":\"ann\",\"reason\":\"r\"}", &json), 200);
	fake_target_change(s->target, "ann", "{\"roles\":[\"fly\",\"run\"]}", -1);
	stage_run(s); /* to take the right away again is held */
	json = ask(s, "diff", "runner", RUNNER("roles = [ \"run\", \"fly\" ];"), 200);
	expect_steps(json_object_get(json_object_get(json, "plan"), "steps"), "");
	expect_steps(json_object_get(json, "withdrawn"), "ann set-rights held");
}

/* Without a block it is the file of the daemon as it is now, of which nothing else counts. */
static void
the_file_as_it_is_on_disk_is_compared_with_what_is_in_force(void **state)
{
	struct stage *s = *state;
	AU_CLEANUP(au_freep) char *text = NULL;
	const json_t *json;
	char *word;
	size_t len;

	stage_run(s);
	assert_int_equal(au_io_read(s->conf, 1 << 20, &text, &len, NULL), 0);
	word = strstr(text, "\"run\"");
	memcpy(word, "\"fly\"", strlen("\"fly\""));
	assert_int_equal(au_io_replace(s->conf, 0600, text, len, NULL), 0);
	json = ask(s, "diff", "runner", NULL, 200);
	expect_member(json_object_get(json, "now"), "rights", "{\"roles\":[\"fly\"]}");
	expect_steps(json_object_get(json_object_get(json, "plan"), "steps"), "ann set-rights held");
	json = ask(s, "diff", "nobody", NULL, 404);
	assert_non_null(strstr(error_of(json), s->conf));
}

/* ---- who may ---- */

static void
viewers_may_look_and_ask_no_target(void **state)
{
	struct stage *s = *state;
	const struct passwd *nobody = getpwnam("nobody");
	const char *body = body_of(s, "runner", RUNNER("roles = [ ];"));
	struct au_describe *discreet = au_arena_alloc(s->arena, sizeof(*discreet));
	const json_t *json;

	if (geteuid() != 0 || nobody == NULL)
		skip();
	assert_int_equal(stage_talk_as(s, nobody->pw_uid, "GET", "/v1/templates/runner", NULL, &json), 200);
	assert_int_equal(stage_talk_as(s, nobody->pw_uid, "POST", "/v1/templates/runner/check", body, &json), 403);
	assert_int_equal(stage_talk_as(s, nobody->pw_uid, "POST", "/v1/templates/runner/diff", body, &json), 403);
	/* Of a product that shows its API users to few people a viewer sees no template either. */
	*discreet = *s->settings->targets[0].describe;
	discreet->caps |= AU_CAP_DISCREET;
	s->settings->targets[0].describe = discreet;
	assert_int_equal(stage_talk_as(s, nobody->pw_uid, "GET", "/v1/templates/runner", NULL, &json), 403);
	assert_int_equal(stage_talk(s, "GET", "/v1/templates/runner", NULL, &json), 200);
}

/* Who asked is told, whatever it waits for. */
static void
an_end_of_the_daemon_leaves_nobody_waiting(void **state)
{
	struct stage *s = *state;

	stage_run(s);
	int fd = stage_send(s, "POST", "/v1/templates/runner/diff", body_of(s, "runner", RUNNER("roles = [ ];")));
	for (size_t i = 0; i < 3; i++)
		event_base_loop(s->base, EVLOOP_ONCE);
	close(fd); /* the rest is the stage's end, and that nothing leaks */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_in_force_is_shown_whole),
		TEST(a_block_is_checked_by_rows_and_then_by_its_target),
		TEST(a_target_that_is_paused_is_left_alone),
		TEST(a_body_that_is_no_block_of_that_name_is_refused),
		TEST(a_changed_one_says_what_it_changes_for_whom),
		TEST(what_it_takes_away_is_held_as_after_a_reload),
		TEST(one_that_nobody_is_given_changes_nothing),
		TEST(what_would_be_done_no_more_is_told),
		TEST(the_file_as_it_is_on_disk_is_compared_with_what_is_in_force),
		TEST(viewers_may_look_and_ask_no_target),
		TEST(an_end_of_the_daemon_leaves_nobody_waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
