/* SPDX-License-Identifier: ISC */
/* Files: whole reads with a cap, atomic replacement, and secrets that others must not be able to read. */
#ifndef BASE_IO_H
#define BASE_IO_H

#include "base/err.h"
#include "base/secret.h"

#include <sys/types.h>

/* Whole regular file; AU_ELIMIT beyond max, AU_EINVAL when it is another kind of file, AU_EIO.  Caller frees;
 * NUL-terminated. */
int au_io_read(const char *path, size_t max, char **ret, size_t *ret_len, struct au_err *err);
/* Write to a temporary file beside it, fsync, rename, fsync the folder. */
int au_io_replace(const char *path, mode_t mode, const void *data, size_t len, struct au_err *err);
/*
 * Read a secret from where it lies: "credential:NAME" ($CREDENTIALS_DIRECTORY/NAME) or "file:/absolute/path".
 * AU_EINVAL: another form, not a regular file, empty; AU_EPERM: group or others may read a file: place.
 * One trailing newline is dropped.
 */
int au_io_secret(const char *place, struct au_secret **ret, struct au_err *err);
/* The path of such a file, for a library that must read it itself; by the same rules.  Caller frees. */
int au_io_secret_path(const char *place, char **ret, struct au_err *err);
/* Whether a place has the right form, without reading it. */
int au_io_secret_check(const char *place, struct au_err *err);
/* Blocking helpers that retry on EINTR and short counts; AU_EIO; read gives AU_ENOENT on a clean end. */
int au_io_write_all(int fd, const void *data, size_t len, struct au_err *err);
int au_io_read_all(int fd, void *data, size_t len, struct au_err *err);

#endif
