/* SPDX-License-Identifier: ISC */
/* What a helper's process may not do: start programs, look into other processes, change the system. */
#ifndef WIRE_SANDBOX_H
#define WIRE_SANDBOX_H

#include "base/err.h"

/* Install the filter; it cannot be taken off again.  Refused calls fail with EPERM.  AU_EIO when the kernel has none.
 */
int au_sandbox_enter(struct au_err *err);

#endif
