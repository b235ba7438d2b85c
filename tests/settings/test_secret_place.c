/* SPDX-License-Identifier: ISC */
/* Places of secrets are looked into when the configuration is read, so that a wrong one is found before anything runs.
 */
#include "base/io.h"
#include "tests/settings/fake.h"
#include "tests/unit.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
	char folder[64];
	char *secret, *config;
};

static int
set_up(void **state)
{
	struct fixture *f = au_xcalloc(1, sizeof *f);

	strcpy(f->folder, "/tmp/apiuserd-secret-XXXXXX");
	if (!mkdtemp(f->folder))
		return -1;
	f->secret = au_xasprintf("%s/secret", f->folder);
	f->config = au_xasprintf("%s/test.conf", f->folder);
	unsetenv("CREDENTIALS_DIRECTORY");
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	unlink(f->secret);
	unlink(f->config);
	rmdir(f->folder);
	free(f->secret);
	free(f->config);
	free(f);
	return 0;
}

/* Read a configuration whose line 2 has this place; the text of the refusal, or "". */
static char *
refusal(const struct fixture *f, const char *place)
{
	AU_CLEANUP(au_freep)
	char *text = au_xasprintf("targets = ( { name = \"a\"; plugin = \"fake\";\n"
				  "options = { url = \"u\"; secret = \"%s\"; }; } );\n",
	    place);
	struct au_settings *settings = NULL;
	struct au_err err = { 0 };

	assert_int_equal(au_io_replace(f->config, 0600, text, strlen(text), NULL), 0);
	(void)au_settings_read(f->config, fake_describe, NULL, &settings, &err);
	au_settings_free(settings);
	return au_xstrdup(err.text);
}

static void
private_file_is_accepted(void **state)
{
	const struct fixture *f = *state;
	AU_CLEANUP(au_freep) char *place = au_xasprintf("file:%s", f->secret);
	AU_CLEANUP(au_freep) char *text = NULL;

	assert_int_equal(au_io_replace(f->secret, 0600, "s3cret\n", 7, NULL), 0);
	text = refusal(f, place);
	assert_string_equal(text, "");
}

static void
file_that_others_may_read_is_refused(void **state)
{
	const struct fixture *f = *state;
	AU_CLEANUP(au_freep) char *place = au_xasprintf("file:%s", f->secret);
	AU_CLEANUP(au_freep) char *where = au_xasprintf("%s:2: option 'secret': ", f->config);
	AU_CLEANUP(au_freep) char *text = NULL;

	assert_int_equal(au_io_replace(f->secret, 0640, "s3cret\n", 7, NULL), 0);
	assert_int_equal(chmod(f->secret, 0640), 0);
	text = refusal(f, place);
	assert_memory_equal(text, where, strlen(where));
	assert_null(strstr(text, "s3cret"));
}

static void
missing_file_is_refused(void **state)
{
	const struct fixture *f = *state;
	AU_CLEANUP(au_freep) char *place = au_xasprintf("file:%s", f->secret);
	AU_CLEANUP(au_freep) char *text = refusal(f, place);

	assert_non_null(strstr(text, ":2: option 'secret': "));
}

static void
secret_itself_is_refused_without_being_told(void **state)
{
	AU_CLEANUP(au_freep) char *text = refusal(*state, "hunter2");

	assert_non_null(strstr(text, ":2: option 'secret': "));
	assert_null(strstr(text, "hunter2"));
}

static void
credential_is_not_looked_for_without_systemd(void **state)
{
	AU_CLEANUP(au_freep) char *text = refusal(*state, "credential:secret");

	assert_string_equal(text, "");
}

static void
credential_that_systemd_did_not_hand_over_is_refused(void **state)
{
	const struct fixture *f = *state;
	AU_CLEANUP(au_freep) char *text = NULL;

	setenv("CREDENTIALS_DIRECTORY", f->folder, 1);
	text = refusal(f, "credential:secret");
	assert_non_null(strstr(text, ":2: option 'secret': "));
}

static void
credential_that_systemd_handed_over_is_accepted(void **state)
{
	const struct fixture *f = *state;
	AU_CLEANUP(au_freep) char *text = NULL;

	setenv("CREDENTIALS_DIRECTORY", f->folder, 1);
	assert_int_equal(au_io_replace(f->secret, 0400, "s3cret", 6, NULL), 0);
	text = refusal(f, "credential:secret");
	assert_string_equal(text, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(private_file_is_accepted),
		TEST(file_that_others_may_read_is_refused),
		TEST(missing_file_is_refused),
		TEST(secret_itself_is_refused_without_being_told),
		TEST(credential_is_not_looked_for_without_systemd),
		TEST(credential_that_systemd_did_not_hand_over_is_refused),
		TEST(credential_that_systemd_handed_over_is_accepted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
