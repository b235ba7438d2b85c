/* SPDX-License-Identifier: ISC */
/* What a helper's process may not do: start programs, look into other processes, change the system. */
#ifndef WIRE_SANDBOX_H
#define WIRE_SANDBOX_H

#include "base/err.h"

/* Whose process it is: some are refused more than others. */
enum au_sandbox {
	AU_SANDBOX_TARGET, /* a plugin, which may do with files what its user may */
	AU_SANDBOX_PROGRAMS, /* a plugin that starts programs: they and it may do so, and end them */
	AU_SANDBOX_SOURCE,
	AU_SANDBOX_FETCH,
};

/*
 * Install the filter; it cannot be taken off again.  Refused calls fail with EPERM (clone3 and openat2 with ENOSYS, as
 * if the kernel were too old for them).  AU_EIO when the kernel has no filters.
 */
int au_sandbox_enter(enum au_sandbox whose, struct au_err *err);

#endif
