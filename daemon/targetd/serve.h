/* SPDX-License-Identifier: ISC */
/* The worker's life: calls come in over the channel, the plugin runs them, answers go back. */
#ifndef TARGETD_SERVE_H
#define TARGETD_SERVE_H

#include "base/err.h"

#include <stdbool.h>

/*
 * Serve calls on fd, one by one, until the other side closes it.  target names the target in log lines.  Strict: for
 * those who check the plugin (strict.h); the end of an answer then has a member "findings", an array of texts.
 * AU_EPROTO, AU_ELIMIT, AU_EIO when the channel cannot go on; trouble with a call is an answer, not an error here.
 */
int au_serve(int fd, const char *target, bool is_strict, struct au_err *err);

#endif
