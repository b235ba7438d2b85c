/* SPDX-License-Identifier: ISC */
/* Every file in bad/ is refused with exactly the text that its first line tells. */
#include "tests/settings/fake.h"
#include "tests/unit.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define FEWEST 60 /* fewer files than this and the folder was not found as it is */

static int
is_configuration(const struct dirent *entry)
{
	const char *end = strrchr(entry->d_name, '.');

	return end && strcmp(end, ".conf") == 0;
}

/* "# 3: text" means line 3 of the file itself, "# other.inc:3: text" another file; FILE in it is the file's path. */
static char *
expectation(const char *folder, const char *path)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;
	char line[1024];
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	assert_non_null(fgets(line, sizeof line, file));
	fclose(file);
	assert_memory_equal(line, "# ", 2);
	line[strcspn(line, "\n")] = '\0';
	if (line[2] >= '0' && line[2] <= '9')
		au_str_printf(&text, "%s:", path);
	else
		au_str_printf(&text, "%s/", folder);
	char *mention = strstr(line, "FILE");
	if (mention) {
		*mention = '\0';
		au_str_printf(&text, "%s%s%s", line + 2, path, mention + 4);
	} else {
		au_str_put(&text, line + 2);
	}
	return au_str_take(&text);
}

static bool
is_refused_as_expected(const char *folder, const char *name)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/%s", folder, name);
	AU_CLEANUP(au_freep) char *expected = expectation(folder, path);
	struct au_settings *settings = NULL;
	struct au_err err = { 0 };
	int rc = au_settings_read(path, fake_describe, NULL, &settings, &err);

	if (rc < 0 && !settings && strcmp(err.text, expected) == 0)
		return true;
	print_error("%s:\n  expected %s\n  got      %s\n", name, expected, rc < 0 ? err.text : "no refusal");
	au_settings_free(settings);
	return false;
}

static void
every_bad_file_is_refused_with_file_and_line(void **state)
{
	AU_CLEANUP(au_freep) char *folder = fake_path("bad");
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, is_configuration, alphasort), failures = 0;

	(void)state;
	assert_true(count >= FEWEST);
	for (int i = 0; i < count; i++) {
		failures += !is_refused_as_expected(folder, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	assert_int_equal(failures, 0);
}

static void
missing_file_is_told_by_its_name(void **state)
{
	struct au_settings *settings = NULL;
	struct au_err err = { 0 };

	(void)state;
	assert_int_equal(au_settings_read("/nowhere/at/all.conf", fake_describe, NULL, &settings, &err), AU_EIO);
	assert_non_null(strstr(err.text, "/nowhere/at/all.conf"));
	assert_null(settings);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_bad_file_is_refused_with_file_and_line),
		cmocka_unit_test(missing_file_is_told_by_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
