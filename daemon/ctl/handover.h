/* SPDX-License-Identifier: ISC */
/* The way of a secret from the daemon to the person: through this process, and kept nowhere. */
#ifndef CTL_HANDOVER_H
#define CTL_HANDOVER_H

#include "ctl/ctl.h"

/*
 * POST to path and print the answer's text member `name`, and nothing else, on standard output: a line on a terminal,
 * the bare text with --force elsewhere.  Without --force nothing is asked for unless standard output is a terminal,
 * since the daemon hands it over only once.
 */
enum au_exit au_handover(struct au_ctl *ctl, const char *path, const json_t *body, const char *name);

#endif
