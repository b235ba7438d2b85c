/* SPDX-License-Identifier: ISC */
/* Own rules in a target's block, from the file to what everything is held to. */
#include "base/io.h"
#include "settings/rows.h"
#include "tests/settings/fake.h"
#include "tests/unit.h"

#include <string.h>
#include <unistd.h>

static struct au_settings *
read_with(const char *rules, struct au_err *err)
{
	char path[] = "/tmp/apiuserd-tighten-XXXXXX";
	AU_CLEANUP(au_freep)
	char *text = au_xasprintf(
	    "targets = (\n"
	    "  { name = \"plain\"; plugin = \"fake\"; options = { url = \"u\"; }; },\n"
	    "  { name = \"room\"; plugin = \"fake\"; options = { url = \"u\"; }; tighten = ( %s ); },\n"
	    "  { name = \"after\"; plugin = \"fake\"; options = { url = \"u\"; }; } );\n"
	    "templates = ( { name = \"t\"; target = \"room\"; rights = { roles = [ \"reader\" ]; }; } );\n",
	    rules);
	struct au_settings *settings = NULL;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(au_io_write_all(fd, text, strlen(text), NULL), 0);
	close(fd);
	if (au_settings_read(path, fake_describe, NULL, &settings, err) < 0)
		assert_null(settings);
	unlink(path);
	return settings;
}

static void
only_the_target_that_has_them_is_held_to_them(void **state)
{
	struct au_err err = { 0 };
	struct au_settings *settings = read_with("{ id = \"own\"; field = \"login\"; kind = \"length\"; max = 10; },"
						 "{ id = \"own\"; field = \"secret\"; kind = \"length\"; min = 10; }",
	    &err);
	const struct au_target_block *room;

	(void)state;
	if (!settings)
		fail_msg("%s", err.text);
	room = au_settings_target(settings, "room");
	assert_ptr_not_equal(room->describe, room->plugin);
	assert_int_equal(room->describe->password.min_len, 10);
	assert_string_equal(room->describe->rules[0].id, "FK-R01");
	assert_string_equal(room->own->rules[0].id, "own");
	for (const char *const *name = (const char *const[]){ "plain", "after", NULL }; *name; name++) {
		const struct au_target_block *other = au_settings_target(settings, *name);
		assert_ptr_equal(other->describe, room->plugin);
		assert_int_equal(other->describe->password.min_len, 8);
		assert_null(other->own->rules[0].id);
	}
	au_settings_free(settings);
}

static void
every_kind_of_the_row_is_one_that_is_known(void **state)
{
	const struct au_opt *row = au_opt_find(au_tighten_rows, "kind");

	(void)state;
	for (const char *const *word = row->choices; *word; word++) {
		AU_CLEANUP(au_freep)
		char *rules = au_xasprintf("{ id = \"own\"; field = \"mail\"; kind = \"%s\"; }", *word);
		struct au_err err = { 0 };
		struct au_settings *settings = read_with(rules, &err);
		bool alone = au_streq(*word, "required") || au_streq(*word, "mail");

		assert_true(alone ? settings != NULL : strstr(err.text, "needs option") != NULL);
		au_settings_free(settings);
	}
}

static void
templates_are_held_to_them(void **state)
{
	struct au_err err = { 0 };

	(void)state;
	assert_null(read_with(
	    "{ id = \"own\"; field = \"rights.roles\"; kind = \"choice\"; choices = [ \"writer\" ]; }", &err));
	assert_non_null(strstr(err.text, "rule own: rights.roles 'reader': expected one of writer"));
	assert_null(read_with("{ id = \"own\"; field = \"rights.roles\"; kind = \"count\"; min = 2; }", &err));
	assert_non_null(strstr(err.text, "rule own: rights.roles '1': expected 2 or more items"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_target_that_has_them_is_held_to_them),
		cmocka_unit_test(every_kind_of_the_row_is_one_that_is_known),
		cmocka_unit_test(templates_are_held_to_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
