/* SPDX-License-Identifier: ISC */
/* What the host lends its one plugin (struct au_host). */
#ifndef TARGETD_PLUGIN_HOST_H
#define TARGETD_PLUGIN_HOST_H

#include "targetd/mask.h"

#include <apiuserd/target.h>

/*
 * The table to hand to open.  The interface's log function has no context, so the host's target name and mask are
 * the process's; both must outlive the plugin.
 */
const struct au_host *au_plugin_host(const char *target, const struct au_mask *mask);
/* Whether a log line had to be masked since this was asked last. */
bool au_plugin_host_leaked(void);

#endif
