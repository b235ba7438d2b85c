/* SPDX-License-Identifier: ISC */
/* Names stay within the plugin folder; paths are taken as they are. */
#include "wire/plugin_path.h"

#include "base/mem.h"

#include "tests/unit.h"

#include <string.h>

static void
names_become_files_of_the_folder(void **state)
{
	char *path;

	(void)state;
	assert_int_equal(au_plugin_path("/usr/lib/apiuserd", "automation-anywhere", &path, NULL), 0);
	assert_string_equal(path, "/usr/lib/apiuserd/automation-anywhere.so");
	free(path);
	assert_int_equal(au_plugin_path("/usr/lib/apiuserd", "/opt/plugins/x.so", &path, NULL), 0);
	assert_string_equal(path, "/opt/plugins/x.so");
	free(path);
}

static void
names_that_could_leave_the_folder_are_refused(void **state)
{
	static const char *const refused[] = { "", "../x", "x.so", "a/b", "A", "x y", "." };
	struct au_err err;
	char *path = NULL;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(refused); i++) {
		assert_int_equal(au_plugin_path("/usr/lib/apiuserd", refused[i], &path, &err), AU_EINVAL);
		assert_null(path);
	}
	assert_non_null(strstr(err.text, "plugin '.'"));
	assert_int_equal(au_plugin_path("/usr/lib/apiuserd", NULL, &path, NULL), AU_EINVAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_become_files_of_the_folder),
		cmocka_unit_test(names_that_could_leave_the_folder_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
