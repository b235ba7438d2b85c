/* SPDX-License-Identifier: ISC */
/* Where a plugin's shared object lies. */
#ifndef WIRE_PLUGIN_PATH_H
#define WIRE_PLUGIN_PATH_H

#include "base/err.h"

/*
 * An absolute path stays; a bare name ("automation-anywhere") becomes DIR/NAME.so.  AU_EINVAL for anything else.
 * Caller frees.
 */
int au_plugin_path(const char *dir, const char *plugin, char **ret, struct au_err *err);

#endif
