/* SPDX-License-Identifier: ISC */
/*
 * Files.  Buffers that may hold a secret are never moved by realloc, which
 * would leave a copy behind.
 */
#include "base/io.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET_MAX (64 * 1024)

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static int
open_regular(const char *path, struct stat *ret_stat, int *ret_fd, struct au_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return au_fail(err, AU_EIO, "file '%s': %s", path, strerror(errno));
	if (fstat(fd, ret_stat) != 0 || !S_ISREG(ret_stat->st_mode)) {
		close(fd);
		return au_fail(err, AU_EINVAL, "file '%s': expected a regular file", path);
	}
	*ret_fd = fd;
	return 0;
}

/* The file's size is only a hint: files of /proc say 0. */
static int
read_to_end(int fd, const char *path, size_t hint, size_t max, char **ret, size_t *ret_len, struct au_err *err)
{
	AU_CLEANUP(au_buf_done) struct au_buf b = { 0 };

	au_buf_reserve(&b, (hint < max ? hint : max) + 2);
	for (;;) {
		au_buf_reserve(&b, 2);
		ssize_t got = read(fd, b.data + b.len, b.cap - b.len - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return au_fail(err, AU_EIO, "file '%s': %s", path, strerror(errno));
		if (got == 0)
			break;
		b.len += (size_t)got;
		if (b.len > max)
			return au_fail(err, AU_ELIMIT, "file '%s': larger than %zu bytes", path, max);
	}
	b.data[b.len] = '\0';
	*ret = b.data;
	*ret_len = b.len;
	b = (struct au_buf){ 0 };
	return 0;
}

int
au_io_read(const char *path, size_t max, char **ret, size_t *ret_len, struct au_err *err)
{
	AU_CLEANUP(close_fd) int fd = -1;
	struct stat st;

	int code = open_regular(path, &st, &fd, err);
	if (code != 0)
		return code;
	return read_to_end(fd, path, (size_t)st.st_size, max, ret, ret_len, err);
}

static int
write_and_rename(
    const char *temporary, int fd, const char *path, mode_t mode, const void *data, size_t len, struct au_err *err)
{
	int code = au_io_write_all(fd, data, len, err);

	if (code != 0)
		return au_err_prefix(err, code, "file '%s'", temporary);
	if (fchmod(fd, mode) != 0 || fsync(fd) != 0)
		return au_fail(err, AU_EIO, "file '%s': %s", temporary, strerror(errno));
	if (rename(temporary, path) != 0)
		return au_fail(err, AU_EIO, "file '%s': cannot be replaced: %s", path, strerror(errno));
	return 0;
}

/* The new name is lasting only when the folder is. */
static int
sync_folder_of(const char *path, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *copy = au_xstrdup(path);
	const char *folder = dirname(copy);
	AU_CLEANUP(close_fd) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) != 0)
		return au_fail(err, AU_EIO, "folder '%s': %s", folder, strerror(errno));
	return 0;
}

int
au_io_replace(const char *path, mode_t mode, const void *data, size_t len, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *temporary = au_xasprintf("%s.XXXXXX", path);
	AU_CLEANUP(close_fd) int fd = mkostemp(temporary, O_CLOEXEC);

	if (fd < 0)
		return au_fail(err, AU_EIO, "file '%s': %s", temporary, strerror(errno));
	int code = write_and_rename(temporary, fd, path, mode, data, len, err);
	if (code != 0) {
		unlink(temporary);
		return code;
	}
	return sync_folder_of(path, err);
}

#define CREDENTIAL "credential:"
#define FILE_PLACE "file:"

static const char *
after(const char *text, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(text, prefix, len) == 0 ? text + len : NULL;
}

static bool
is_credential_name(const char *name)
{
	return *name != '\0' && strchr(name, '/') == NULL && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

int
au_io_secret_check(const char *place, struct au_err *err)
{
	const char *name = place != NULL ? after(place, CREDENTIAL) : NULL;
	const char *path = place != NULL ? after(place, FILE_PLACE) : NULL;

	if ((name != NULL && is_credential_name(name)) || (path != NULL && path[0] == '/'))
		return 0;
	/* Not quoted: it may be the secret itself, written here by mistake. */
	return au_fail(err, AU_EINVAL, "place of a secret: expected credential:NAME or file:/absolute/path");
}

/* The file behind a place that has been checked; NULL when credentials are nowhere.  Caller frees. */
static char *
path_of_place(const char *place)
{
	const char *path = after(place, FILE_PLACE), *folder = getenv("CREDENTIALS_DIRECTORY");

	if (path != NULL)
		return au_xstrdup(path);
	return au_str_empty(folder) ? NULL : au_xasprintf("%s/%s", folder, place + strlen(CREDENTIAL));
}

/* Open the file behind a place, when nobody else can. */
static int
open_secret(const char *place, char **ret_path, struct stat *ret_st, int *ret_fd, struct au_err *err)
{
	int code = au_io_secret_check(place, err);

	if (code != 0)
		return code;
	*ret_path = path_of_place(place);
	if (*ret_path == NULL)
		return au_fail(
		    err, AU_EINVAL, "secret '%s': CREDENTIALS_DIRECTORY is not set: no credential was loaded", place);
	code = open_regular(*ret_path, ret_st, ret_fd, err);
	if (code == 0 && after(place, FILE_PLACE) != NULL && (ret_st->st_mode & (S_IRWXG | S_IRWXO)) != 0)
		code = au_fail(
		    err, AU_EPERM, "file '%s': group or others have access; expected mode 0600 or 0400", *ret_path);
	return code;
}

int
au_io_secret_path(const char *place, char **ret, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *path = NULL;
	AU_CLEANUP(close_fd) int fd = -1;
	struct stat st;
	int code = open_secret(place, &path, &st, &fd, err);

	if (code != 0)
		return code;
	*ret = path;
	path = NULL;
	return 0;
}

int
au_io_secret(const char *place, struct au_secret **ret, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *path = NULL;
	AU_CLEANUP(close_fd) int fd = -1;
	AU_CLEANUP(au_buf_done) struct au_buf b = { 0 };
	struct stat st;
	int code = open_secret(place, &path, &st, &fd, err);

	if (code == 0)
		code = read_to_end(fd, path, (size_t)st.st_size, SECRET_MAX, &b.data, &b.len, err);
	if (code != 0)
		return code;
	size_t len = b.len > 0 && b.data[b.len - 1] == '\n' ? b.len - 1 : b.len;
	if (len == 0 || memchr(b.data, '\0', len) != NULL)
		return au_fail(err, AU_EINVAL, "file '%s': expected a secret, found %s", path,
		    len == 0 ? "nothing" : "a zero byte");
	*ret = au_secret_new(b.data, len);
	return 0;
}

int
au_io_write_all(int fd, const void *data, size_t len, struct au_err *err)
{
	const char *at = data;

	while (len > 0) {
		ssize_t done = write(fd, at, len);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return au_fail(err, AU_EIO, "write: %s", strerror(errno));
		at += done;
		len -= (size_t)done;
	}
	return 0;
}

int
au_io_read_all(int fd, void *data, size_t len, struct au_err *err)
{
	char *at = data;
	size_t left = len;

	while (left > 0) {
		ssize_t got = read(fd, at, left);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return au_fail(err, AU_EIO, "read: %s", strerror(errno));
		if (got == 0 && left == len)
			return au_fail(err, AU_ENOENT, "read: the other side has closed");
		if (got == 0)
			return au_fail(err, AU_EIO, "read: ended %zu bytes early", left);
		at += got;
		left -= (size_t)got;
	}
	return 0;
}
