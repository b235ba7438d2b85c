/* SPDX-License-Identifier: ISC */
/* Plugins with one defect each are refused with words that name the defect. */
#include "targetd/plugin_load.h"

#include "base/mem.h"

#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *
mock_path(const char *name)
{
	return au_xasprintf("%s/tests/targetd/.libs/%s.so", getenv("top_builddir"), name);
}

static const struct {
	const char *name;
	const char *words;
} refused[] = {
	{ "mock-wrong-abi", "speaks interface version 2, expected 1" },
	{ "mock-missing-call", "call 'set_rights' is missing for its capability" },
	{ "mock-manual-no-order", "call 'order' is missing for its capability" },
	{ "mock-manual-find", "call 'find' is there, but no API" },
	{ "mock-manual-list", "a product without an API cannot list" },
	{ "mock-manual-born", "a product without an API cannot list" },
	{ "mock-extra-call", "call 'set_profile' is there without its capability" },
	{ "mock-lying", "its table claims" },
	{ "mock-tiny", "expected at least" },
	{ "mock-bad-default", "default '10min'" },
	{ "mock-bad-help", "option 'number': help: expected a sentence" },
	{ "mock-twice", "option 'number' is there twice" },
	{ "mock-bad-rule", "rule 'MK-R04': field 'logon' is unknown" },
	{ "mock-bad-name", "name 'another' does not match" },
	{ "mock-bad-password", "the alphabet has no digits" },
};

static void
defects_are_refused_by_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(refused); i++) {
		char *path = mock_path(refused[i].name);
		struct au_plugin *plugin = NULL;
		struct au_err err = { 0 };

		assert_int_equal(au_plugin_load(path, &plugin, &err), AU_EINVAL);
		assert_null(plugin);
		if (strstr(err.text, refused[i].words) == NULL)
			fail_msg("%s: '%s'", refused[i].name, err.text);
		free(path);
	}
}

static void
load(const char *name, struct au_plugin **ret)
{
	char *path = mock_path(name);
	struct au_err err = { 0 };

	if (au_plugin_load(path, ret, &err) != 0)
		fail_msg("%s", err.text);
	free(path);
}

static void
whole_plugin_is_loaded(void **state)
{
	struct au_plugin *plugin;

	(void)state;
	load("mock-whole", &plugin);
	assert_string_equal(plugin->table.name, "mock-whole");
	assert_non_null(plugin->table.remove);
	au_plugin_free(plugin);
}

static void
older_table_lacks_what_came_later(void **state)
{
	struct au_plugin *plugin;

	(void)state;
	load("mock-older", &plugin);
	assert_non_null(plugin->table.set_active);
	assert_null(plugin->table.remove);
	au_plugin_free(plugin);
}

static void
newer_table_is_cut_to_what_is_known(void **state)
{
	struct au_plugin *plugin;

	(void)state;
	load("mock-newer", &plugin);
	assert_true(plugin->table.size > sizeof(struct au_target));
	assert_non_null(plugin->table.remove);
	au_plugin_free(plugin);
}

static void
expect_refusal(const char *path, const char *words)
{
	struct au_plugin *plugin = NULL;
	struct au_err err = { 0 };

	assert_int_equal(au_plugin_load(path, &plugin, &err), AU_EINVAL);
	if (strstr(err.text, words) == NULL)
		fail_msg("'%s' does not say '%s'", err.text, words);
}

static void
odd_files_are_refused_before_they_are_loaded(void **state)
{
	char dir[] = "/tmp/test-plugin-XXXXXX";
	char *file, *link;

	(void)state;
	assert_non_null(mkdtemp(dir));
	file = au_xasprintf("%s/text.so", dir);
	link = au_xasprintf("%s/link.so", dir);
	expect_refusal("relative.so", "expected an absolute path");
	expect_refusal(file, "No such file");
	expect_refusal(dir, "expected a regular file");
	FILE *out = fopen(file, "w");
	assert_non_null(out);
	fputs("this is a text and not a shared object at all, long enough for a header\n", out);
	fclose(out);
	expect_refusal(file, "(this is not a shared object)");
	assert_int_equal(chmod(file, 0666), 0);
	expect_refusal(file, "everybody may write to it");
	assert_int_equal(symlink(file, link), 0);
	expect_refusal(link, "expected a regular file");
	unlink(link);
	unlink(file);
	rmdir(dir);
	free(file);
	free(link);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defects_are_refused_by_name),
		cmocka_unit_test(whole_plugin_is_loaded),
		cmocka_unit_test(older_table_lacks_what_came_later),
		cmocka_unit_test(newer_table_is_cut_to_what_is_known),
		cmocka_unit_test(odd_files_are_refused_before_they_are_loaded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
