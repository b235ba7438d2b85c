/* SPDX-License-Identifier: ISC */
/* The daemon learns a plugin from its helper's output, and survives helpers of any kind. */
#include "settings/rows.h"
#include "wire/description.h"

#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct set {
	struct au_arena *arena;
	struct au_values *daemon;
	const struct au_describe *describe;
	struct au_err err;
};

static void
set_text(struct set *set, const char *name, const char *text)
{
	json_t *value = json_string(text);

	if (au_values_set(set->daemon, name, value, &set->err) != 0)
		fail_msg("%s", set->err.text);
	json_decref(value);
}

static int
start(void **state)
{
	struct set *set = au_xcalloc(1, sizeof(*set));
	char *helper = au_xasprintf("%s/daemon/targetd", getenv("top_builddir"));
	char *plugins = au_xasprintf("%s/tests/targetd/.libs", getenv("top_builddir"));

	set->arena = au_arena_new();
	set->daemon = au_values_new(au_daemon_rows);
	set_text(set, "helper_dir", helper);
	set_text(set, "plugin_dir", plugins);
	free(helper);
	free(plugins);
	*state = set;
	return 0;
}

static int
stop(void **state)
{
	struct set *set = *state;

	au_values_free(set->daemon);
	au_arena_free(set->arena);
	free(set);
	return 0;
}

static int
describe(struct set *set, const char *plugin)
{
	return au_description_of(NULL, set->daemon, set->arena, plugin, &set->describe, &set->err);
}

static void
expect(struct set *set, const char *plugin, int code, const char *words)
{
	int r = describe(set, plugin);

	if (r != code || strstr(set->err.text, words) == NULL)
		fail_msg("%d '%s', expected %d '%s'", r, set->err.text, code, words);
	assert_null(set->describe);
}

static void
table_comes_over_as_it_is(void **state)
{
	struct set *set = *state;

	if (describe(set, "mock-whole") != 0)
		fail_msg("%s", set->err.text);
	assert_string_equal(set->describe->name, "mock-whole");
	assert_int_equal(set->describe->abi, AU_TARGET_ABI);
	assert_int_equal(set->describe->password.max_len, 12);
	assert_int_equal(au_opt_find(set->describe->instance_opts, "password")->type, AU_SECRET);
	assert_string_equal(set->describe->rules[1].id, "MK-R02");
	assert_non_null(au_opt_find(set->describe->rights_opts, "roles"));
}

static void
real_plugin_describes_itself(void **state)
{
	struct set *set = *state;
	char *plugin =
	    au_xasprintf("%s/plugins/automation-anywhere/.libs/automation-anywhere.so", getenv("top_builddir"));

	if (describe(set, plugin) != 0)
		fail_msg("%s", set->err.text);
	free(plugin);
	assert_string_equal(set->describe->name, "automation-anywhere");
	assert_int_equal(set->describe->password.max_len, 15);
	assert_int_equal(strlen(set->describe->password.alphabet), 71);
}

static void
refusals_come_over_in_words(void **state)
{
	struct set *set = *state;

	expect(set, "mock-wrong-abi", AU_EINVAL, "speaks interface version 2");
	expect(set, "no-such-plugin", AU_EINVAL, "No such file");
	expect(set, "../mock-whole", AU_EINVAL, "expected a name");
}

/* A folder with a helper of our own. */
static void
use_script(struct set *set, char *dir, const char *script)
{
	char *path;
	FILE *out;

	assert_non_null(mkdtemp(dir));
	path = au_xasprintf("%s/apiuserd-target", dir);
	out = fopen(path, "w");
	assert_non_null(out);
	fprintf(out, "#!/bin/sh\n%s\n", script);
	fclose(out);
	assert_int_equal(chmod(path, 0755), 0);
	free(path);
	set_text(set, "helper_dir", dir);
}

static void
drop_script(const char *dir)
{
	char *path = au_xasprintf("%s/apiuserd-target", dir);

	unlink(path);
	rmdir(dir);
	free(path);
}

static void
odd_helpers_are_errors(void **state)
{
	static const struct {
		const char *script;
		int code;
		const char *words;
	} rows[] = {
		{ "echo not JSON", AU_EPROTO, "helper's answer" },
		{ "echo '{}'", AU_EPROTO, "" },
		{ "exit 3", AU_EINVAL, "ended with 3" },
		{ "kill -9 $$", AU_EINVAL, "signal 9" },
		{ "echo 'apiuserd-target: plugin is odd' >&2; echo more >&2; exit 1", AU_EINVAL, "plugin is odd" },
		{ "exec cat /dev/zero", AU_ELIMIT, "more than" },
	};
	struct set *set = *state;

	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		char dir[] = "/tmp/test-describe-XXXXXX";

		use_script(set, dir, rows[i].script);
		expect(set, "x", rows[i].code, rows[i].words);
		drop_script(dir);
	}
}

static void
killed_helper_is_asked_again(void **state)
{
	struct set *set = *state;
	char dir[] = "/tmp/test-describe-XXXXXX", mark[] = "/tmp/test-describe-mark-XXXXXX";
	char *script;
	int fd = mkstemp(mark);

	assert_true(fd >= 0);
	close(fd);
	script = au_xasprintf("[ ! -e %s ] || { rm %s; kill -9 $$; }\nexec %s/daemon/targetd/apiuserd-target \"$@\"",
	    mark, mark, getenv("top_builddir"));
	use_script(set, dir, script);
	free(script);
	if (describe(set, "mock-whole") != 0)
		fail_msg("%s", set->err.text);
	assert_int_equal(access(mark, F_OK), -1);
	drop_script(dir);
}

static void
missing_helper_is_named(void **state)
{
	struct set *set = *state;

	set_text(set, "helper_dir", "/nonexistent");
	expect(set, "x", AU_EIO, "/nonexistent/apiuserd-target");
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(table_comes_over_as_it_is),
		WITH(real_plugin_describes_itself),
		WITH(refusals_come_over_in_words),
		WITH(odd_helpers_are_errors),
		WITH(killed_helper_is_asked_again),
		WITH(missing_helper_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
