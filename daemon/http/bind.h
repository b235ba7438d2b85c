/* SPDX-License-Identifier: ISC */
/* Sockets that are bound and ready to listen, from addresses as people write them. */
#ifndef HTTP_BIND_H
#define HTTP_BIND_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <sys/types.h>

/* "127.0.0.1:8080", "[::1]:0": numbers only, no name is looked up.  AU_EINVAL; AU_EIO: cannot be bound. */
int au_http_bind_tcp(const char *address, int *ret, struct au_err *err);
/* A socket at path that nobody but its mode lets in, from the first moment.  A dead one in its place is replaced;
 * AU_EBUSY when somebody answers there, AU_EEXIST when it is no socket. */
int au_http_bind_unix(const char *path, mode_t mode, int *ret, struct au_err *err);
/* A socket of another's making: it must be one that listens for streams.  AU_EINVAL, AU_EIO. */
int au_http_bind_prepare(int fd, struct au_err *err);
/* Whether only this machine can reach the address that fd is bound to. */
bool au_http_bind_is_local(int fd);
bool au_http_bind_is_unix(int fd);
int au_http_bind_port(int fd); /* 0 for a unix socket */
/* "127.0.0.1:8443", "[::1]:8443", "unix:/run/x.sock". */
void au_http_bind_text(int fd, struct au_str *out);
void au_http_bind_closep(int *fd);

#endif
