/* SPDX-License-Identifier: ISC */
/* The sample configuration is accepted as it is installed, with the plugin's own word on its options and rights. */
#include "base/io.h"
#include "settings/settings.h"
#include "tests/unit.h"
#include "wire/description.h"

#include <string.h>
#include <unistd.h>

static char *
sample_with_our_folders(const char *top)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/conf/apiuserd.conf", top);
	AU_CLEANUP(au_freep) char *sample = NULL;
	struct au_err err = { 0 };
	size_t len;

	if (au_io_read(path, 1 << 20, &sample, &len, &err) < 0)
		fail_msg("%s", err.text);
	return au_xasprintf("%sdaemon = { helper_dir = \"%s/daemon/targetd\"; plugin_dir = "
			    "\"%s/plugins/automation-anywhere/.libs\"; };\n",
	    sample, top, top);
}

static void
sample_is_accepted(void **state)
{
	const char *top = getenv("top_builddir");
	AU_CLEANUP(au_freep) char *text = sample_with_our_folders(top ? top : ".");
	char path[] = "/tmp/apiuserd-sample-XXXXXX";
	struct au_settings *settings = NULL;
	struct au_err err = { 0 };
	int fd = mkstemp(path);

	(void)state;
	unsetenv("CREDENTIALS_DIRECTORY");
	assert_true(fd >= 0);
	assert_int_equal(au_io_write_all(fd, text, strlen(text), NULL), 0);
	close(fd);
	(void)au_settings_read(path, au_description_of, NULL, &settings, &err);
	unlink(path);
	assert_string_equal(err.text, "");
	assert_int_equal(settings->rule_count, 3);
	assert_string_equal(settings->targets[0].describe->name, "automation-anywhere");
	au_settings_free(settings);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sample_is_accepted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
