/* SPDX-License-Identifier: ISC */
/* Starting a helper process: exactly what it inherits, and nothing else. */
#ifndef WIRE_SPAWN_H
#define WIRE_SPAWN_H

#include "wire/child.h"

/*
 * Start config->path with a socketpair's one end as AU_CHILD_FD, standard input from /dev/null, standard output and
 * error inherited, no other descriptor, default signals, and only the variables that helpers need.
 * Returns the process, a descriptor that becomes readable when it ends, and our end of the socketpair; AU_EIO.
 */
int au_spawn(const struct au_child_config *config, pid_t *ret_pid, int *ret_pidfd, int *ret_fd, struct au_err *err);

#endif
