/* SPDX-License-Identifier: ISC */
/* A template's block away from its configuration: on its way as JSON, and in the place of the one in force. */
#include "base/io.h"
#include "settings/raw_json.h"
#include "settings/settings_template.h"
#include "tests/settings/fake.h"
#include "tests/unit.h"

#include <string.h>
#include <unistd.h>

#define CONFIGURATION                                                                                                  \
	"targets = ( { name = \"room\"; plugin = \"fake\"; options = { url = \"u\"; }; } );\n"                         \
	"templates = (\n"                                                                                              \
	"  { name = \"reader\"; target = \"room\"; rights = { roles = [ \"read\" ]; }; },\n"                           \
	"  { name = \"writer\"; target = \"room\"; rights = { roles = [ \"write\" ]; level = \"high\"; }; } );\n"

struct set {
	struct au_arena *arena;
	char path[40];
	struct au_settings *settings;
	struct au_err err;
};

static void
write_file(struct set *set, const char *text)
{
	int fd;

	strcpy(set->path, "/tmp/apiuserd-template-XXXXXX");
	fd = mkstemp(set->path);
	assert_true(fd >= 0);
	assert_int_equal(au_io_write_all(fd, text, strlen(text), NULL), 0);
	close(fd);
}

static int
start(void **state)
{
	struct set *set = au_xcalloc(1, sizeof(*set));

	set->arena = au_arena_new();
	write_file(set, CONFIGURATION);
	if (au_settings_read(set->path, fake_describe, NULL, &set->settings, &set->err) < 0)
		fail_msg("%s", set->err.text);
	unlink(set->path);
	*state = set;
	return 0;
}

static int
stop(void **state)
{
	struct set *set = *state;

	au_settings_free(set->settings);
	au_arena_free(set->arena);
	free(set);
	return 0;
}

/* The first block of a file with this list, by the way through JSON that it takes to the daemon. */
static const struct au_raw *
block_of(struct set *set, const char *list)
{
	AU_CLEANUP(au_freep) char *text = au_xasprintf("templates = (\n%s\n);\n", list);
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	const struct au_raw *root, *there, *back;

	write_file(set, text);
	if (au_raw_read(set->arena, set->path, &root, &set->err) < 0)
		fail_msg("%s", set->err.text);
	unlink(set->path);
	there = &au_raw_member(root, "templates")->members[0];
	json = au_raw_to_json(there);
	if (au_raw_from_json(set->arena, json, &back, &set->err) < 0)
		fail_msg("%s", set->err.text);
	AU_CLEANUP(au_json_decrefp) json_t *again = au_raw_to_json(back);
	assert_true(json_equal(json, again));
	return back;
}

static struct au_settings *
with(struct set *set, const char *list)
{
	struct au_settings *changed = NULL;

	if (au_settings_with_template(set->settings, block_of(set, list), &changed, &set->err) < 0)
		assert_null(changed);
	return changed;
}

static void
a_block_takes_the_place_of_its_name(void **state)
{
	struct set *set = *state;
	struct au_settings *changed =
	    with(set, "{ name = \"reader\"; target = \"room\"; description = \"New.\"; takes = [ \"desks=2\" ];\n"
		      "rights = { roles = [ \"read\", \"list\" ]; wait = \"1min\"; }; }");

	if (!changed)
		fail_msg("%s", set->err.text);
	assert_int_equal(changed->template_count, 2);
	assert_ptr_equal(changed->targets, set->settings->targets);
	const struct au_template *now = au_settings_template(changed, "reader");
	assert_string_equal(now->rights, "{\"level\":\"low\",\"roles\":[\"read\",\"list\"],\"wait\":\"1min\"}");
	assert_string_equal(now->takes, "{\"desks\":2}");
	assert_string_equal(now->description, "New.");
	assert_ptr_equal(
	    au_settings_template(changed, "writer")->rights, au_settings_template(set->settings, "writer")->rights);
	/* The one that it was made of is as it was, and stays as long as the other needs it. */
	assert_string_equal(
	    au_settings_template(set->settings, "reader")->rights, "{\"level\":\"low\",\"roles\":[\"read\"]}");
	au_settings_free(set->settings);
	set->settings = changed;
	assert_string_equal(au_settings_target(changed, "room")->block.name, "room");
}

static void
a_block_of_a_new_name_comes_last(void **state)
{
	struct set *set = *state;
	struct au_settings *changed =
	    with(set, "{ name = \"other\"; target = \"room\"; rights = { roles = [ \"x\" ]; }; }");

	if (!changed)
		fail_msg("%s", set->err.text);
	assert_int_equal(changed->template_count, 3);
	assert_string_equal(changed->templates[2].name, "other");
	assert_int_equal(set->settings->template_count, 2);
	au_settings_free(changed);
}

static void
what_is_wrong_is_told_with_its_line(void **state)
{
	static const struct {
		const char *block, *wanted;
	} rows[] = {
		{ "{ name = \"a\"; target = \"room\";\n rights = {\n  rolls = [ \"x\" ]; }; }",
		    ":4: option 'rolls': unknown; did you mean 'roles'?" },
		{ "{ name = \"a\"; target = \"room\"; rights = { roles = [ \"x\" ];\n level = \"middle\"; }; }",
		    ":3: option 'level': 'middle'" },
		{ "{ name = \"a\"; target = \"room\"; rights = { roles = [ \"1\", \"2\", \"3\" ]; }; }", "FK-R01" },
		{ "{ name = \"a\"; target = \"room\"; }", "'roles'" },
		{ "{ name = \"a\";\n target = \"hall\"; rights = { roles = [ \"x\" ]; }; }",
		    ":3: target 'hall' is not there" },
		{ "{ name = \"a\"; target = \"room\"; takes = [ \"chairs\" ]; rights = { roles = [ \"x\" ]; }; }",
		    "chairs" },
		{ "{ target = \"room\"; rights = { roles = [ \"x\" ]; }; }", "'name'" },
		{ "{ name = \"a\"; target = \"room\"; rights = { roles = { a = 1; }; }; }", "found a group" },
		{ "{ name = \"a b\"; target = \"room\"; rights = { roles = [ \"x\" ]; }; }", "name 'a b'" },
	};
	struct set *set = *state;

	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		assert_null(with(set, rows[i].block));
		assert_int_equal(set->err.code, AU_EINVAL);
		if (strncmp(set->err.text, set->path, strlen(set->path)) != 0 || !strstr(set->err.text, rows[i].wanted))
			fail_msg("%s, expected '%s'", set->err.text, rows[i].wanted);
	}
}

static void
the_line_of_a_right_is_found_by_what_the_target_says(void **state)
{
	struct set *set = *state;
	const struct au_raw *block = block_of(set, "{ name = \"a\"; target = \"room\";\n"
						   "rights = {\n"
						   "roles = [ \"read\", \"run it\" ];\n"
						   "level = \"low\";\n"
						   "wait = \"1s\"; }; }");

	assert_int_equal(au_template_line(block, "role 'run it' is unknown")->line, 4);
	assert_int_equal(au_template_line(block, "'low' is not for everybody")->line, 5);
	assert_int_equal(au_template_line(block, "wait: too long")->line, 6);
	assert_int_equal(au_template_line(block, "low read, all of it")->line, 3); /* no quotes, no name: the group */
	assert_int_equal(au_template_line(block_of(set, "{\n name = \"a\"; }"), "anything")->line, 2);
}

static void
what_no_file_gives_is_no_node(void **state)
{
	static const char *const texts[] = { "[]", "{}", "{\"file\":\"f\",\"line\":1,\"kind\":\"value\"}",
		"{\"file\":\"f\",\"line\":-1,\"kind\":\"group\"}",
		"{\"file\":\"f\",\"line\":4294967297,\"kind\":\"group\"}",
		"{\"file\":\"f\",\"line\":1,\"kind\":\"node\"}", "{\"line\":1,\"kind\":\"group\"}",
		"{\"file\":\"f\",\"line\":1,\"kind\":\"value\",\"value\":1.5}",
		"{\"file\":\"f\",\"line\":1,\"kind\":\"value\",\"value\":[[1]]}",
		"{\"file\":\"f\",\"line\":1,\"kind\":\"value\",\"value\":{}}",
		"{\"file\":\"f\",\"line\":1,\"kind\":\"group\",\"members\":[1]}",
		"{\"file\":\"f\",\"line\":1,\"kind\":\"group\",\"members\":[{\"file\":\"f\",\"line\":1,\"kind\":"
		"\"value\","
		"\"value\":1}]}" };
	struct set *set = *state;

	for (size_t i = 0; i < AU_COUNT(texts); i++) {
		AU_CLEANUP(au_json_decrefp) json_t *json = json_loads(texts[i], 0, NULL);
		const struct au_raw *node = NULL;
		assert_non_null(json);
		if (au_raw_from_json(set->arena, json, &node, &set->err) != AU_EINVAL || node)
			fail_msg("taken for a node: %s", texts[i]);
	}
}

static void
a_file_without_the_template_says_so(void **state)
{
	struct set *set = *state;
	const struct au_raw *root, *block = NULL;

	write_file(set, CONFIGURATION);
	assert_int_equal(au_raw_read(set->arena, set->path, &root, &set->err), 0);
	unlink(set->path);
	assert_int_equal(au_template_find(root, "writer", &block, &set->err), 0);
	assert_int_equal(block->line, 4);
	assert_int_equal(au_template_find(root, "nobody", &block, &set->err), AU_ENOENT);
	assert_non_null(strstr(set->err.text, set->path));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_block_takes_the_place_of_its_name, start, stop),
		cmocka_unit_test_setup_teardown(a_block_of_a_new_name_comes_last, start, stop),
		cmocka_unit_test_setup_teardown(what_is_wrong_is_told_with_its_line, start, stop),
		cmocka_unit_test_setup_teardown(the_line_of_a_right_is_found_by_what_the_target_says, start, stop),
		cmocka_unit_test_setup_teardown(what_no_file_gives_is_no_node, start, stop),
		cmocka_unit_test_setup_teardown(a_file_without_the_template_says_so, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
