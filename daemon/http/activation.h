/* SPDX-License-Identifier: ISC */
/* Listening sockets that systemd has opened and handed over (sd_listen_fds(3), systemd.socket(5)). */
#ifndef HTTP_ACTIVATION_H
#define HTTP_ACTIVATION_H

#include "base/err.h"

struct au_http_activation;

/*
 * Take over what was handed to this process, perhaps nothing; once per process.  The sockets are closed on exec and the
 * environment forgets them, so that no helper takes them for its own.  AU_EIO: what systemd says makes no sense.
 */
int au_http_activation_new(struct au_http_activation **ret, struct au_err *err);
void au_http_activation_free(struct au_http_activation *activation); /* NULL is fine; closes the sockets */
/* The next socket of that name (FileDescriptorName= of the socket unit) at or behind *cursor (0 at first), or -1.  It
 * stays ours: systemd's queue of connections lives as long as a descriptor is open here or there. */
int au_http_activation_next(const struct au_http_activation *activation, const char *name, size_t *cursor);
/* The name of socket number index, for people; NULL behind the last one. */
const char *au_http_activation_name(const struct au_http_activation *activation, size_t index);

#endif
