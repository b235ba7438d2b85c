/* SPDX-License-Identifier: ISC */
/* Files and secrets, in a folder of their own. */
#include "tests/unit.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/rand.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], path[128];

static int
make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/test_io.XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/secret", folder);
	setenv("CREDENTIALS_DIRECTORY", folder, 1);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder); /* fails when a temporary file was left */
}

static void
put(const void *data, size_t len, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), len);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static int
read_secret(const char *prefix, const char *rest, char **ret, struct au_err *err)
{
	struct au_secret *secret = NULL;
	char place[256];

	snprintf(place, sizeof(place), "%s%s", prefix, rest);
	int code = au_io_secret(place, &secret, err);
	*ret = au_xstrdup(au_secret_text(secret));
	au_secret_free(secret);
	return code;
}

static void
file_is_read_whole_or_not_at_all(void **state)
{
	struct au_err err;
	char big[10000], *data = NULL;
	size_t len = 0;

	(void)state;
	memset(big, 'x', sizeof(big));
	put(big, sizeof(big), 0644);
	assert_int_equal(au_io_read(path, sizeof(big) - 1, &data, &len, &err), AU_ELIMIT);
	assert_null(data);
	assert_int_equal(au_io_read(path, sizeof(big), &data, &len, &err), 0);
	assert_int_equal(len, sizeof(big));
	assert_int_equal(data[len], 0);
	free(data);
	assert_int_equal(au_io_read("/proc/self/status", 100000, &data, &len, &err), 0);
	assert_true(len > 100);
	free(data);
	assert_int_equal(au_io_read(folder, 100, &data, &len, &err), AU_EINVAL);
	assert_int_equal(au_io_read("/nonexistent/file", 100, &data, &len, &err), AU_EIO);
}

static void
replacement_is_whole_and_leaves_nothing_behind(void **state)
{
	struct au_err err;
	struct stat st;
	char *data, *bad;
	size_t len;

	(void)state;
	put("old", 3, 0644);
	assert_int_equal(au_io_replace(path, 0640, "brand new", 9, &err), 0);
	assert_int_equal(au_io_read(path, 100, &data, &len, &err), 0);
	assert_string_equal(data, "brand new");
	free(data);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	bad = au_xasprintf("%s/none/file", folder);
	assert_int_equal(au_io_replace(bad, 0600, "x", 1, &err), AU_EIO);
	free(bad);
	assert_int_equal(au_io_replace(folder, 0600, "x", 1, &err), AU_EIO); /* a folder cannot be renamed over */
}

static void
secret_loses_one_newline(void **state)
{
	struct au_err err;
	char *text;

	(void)state;
	put("hunter2\n", 8, 0600);
	assert_int_equal(read_secret("file:", path, &text, &err), 0);
	assert_string_equal(text, "hunter2");
	free(text);
	put("two\n\n", 5, 0400);
	assert_int_equal(read_secret("file:", path, &text, &err), 0);
	assert_string_equal(text, "two\n");
	free(text);
}

static void
credential_comes_from_its_folder(void **state)
{
	struct au_err err;
	char *text;

	(void)state;
	put("cred", 4, 0644); /* systemd guards the folder */
	assert_int_equal(read_secret("credential:", "secret", &text, &err), 0);
	assert_string_equal(text, "cred");
	free(text);
	unsetenv("CREDENTIALS_DIRECTORY");
	assert_int_equal(read_secret("credential:", "secret", &text, &err), AU_EINVAL);
}

static void
secret_others_can_read_is_refused(void **state)
{
	struct au_err err;
	char *text;

	(void)state;
	put("x", 1, 0640);
	assert_int_equal(read_secret("file:", path, &text, &err), AU_EPERM);
	put("x", 1, 0604);
	assert_int_equal(read_secret("file:", path, &text, &err), AU_EPERM);
	assert_int_equal(read_secret("file:", folder, &text, &err), AU_EINVAL);
}

static void
empty_secret_is_refused(void **state)
{
	struct au_err err;
	char *text;

	(void)state;
	put("", 0, 0600);
	assert_int_equal(read_secret("file:", path, &text, &err), AU_EINVAL);
	put("\n", 1, 0600);
	assert_int_equal(read_secret("file:", path, &text, &err), AU_EINVAL);
	put("a\0b", 3, 0600);
	assert_int_equal(read_secret("file:", path, &text, &err), AU_EINVAL);
}

static void
place_has_one_of_two_forms(void **state)
{
	static const char *const bad[] = { "", "hunter2", "file:", "file:relative", "credential:", "credential:../x",
		"credential:..", "credential:a/b", "env:X", NULL };
	struct au_err err;

	(void)state;
	assert_int_equal(au_io_secret_check("file:/etc/x", &err), 0);
	assert_int_equal(au_io_secret_check("credential:corp", &err), 0);
	for (size_t i = 0; i < AU_COUNT(bad); i++) {
		assert_int_equal(au_io_secret_check(bad[i], &err), AU_EINVAL);
		assert_null(strstr(err.text, "hunter2"));
	}
}

static void
read_tells_a_clean_end_from_a_short_one(void **state)
{
	struct au_err err;
	char buf[8];
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(au_io_write_all(pair[0], "12345678abc", 11, &err), 0);
	close(pair[0]);
	assert_int_equal(au_io_read_all(pair[1], buf, 8, &err), 0);
	assert_memory_equal(buf, "12345678", 8);
	assert_int_equal(au_io_read_all(pair[1], buf, 8, &err), AU_EIO);
	assert_int_equal(au_io_read_all(pair[1], buf, 8, &err), AU_ENOENT);
	close(pair[1]);
	assert_int_equal(au_io_read_all(pair[1], buf, 8, &err), AU_EIO);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(file_is_read_whole_or_not_at_all),
		IN_FOLDER(replacement_is_whole_and_leaves_nothing_behind),
		IN_FOLDER(secret_loses_one_newline),
		IN_FOLDER(credential_comes_from_its_folder),
		IN_FOLDER(secret_others_can_read_is_refused),
		IN_FOLDER(empty_secret_is_refused),
		cmocka_unit_test(place_has_one_of_two_forms),
		cmocka_unit_test(read_tells_a_clean_end_from_a_short_one),
	};

	au_rand_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
