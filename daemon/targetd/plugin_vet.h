/* SPDX-License-Identifier: ISC */
/* Whether a plugin's table keeps the promises of <apiuserd/target.h>. */
#ifndef TARGETD_PLUGIN_VET_H
#define TARGETD_PLUGIN_VET_H

#include "base/err.h"

/*
 * Check a table: words present, name equal to the file's ("NAME.so"), mandatory calls present, each capability bit
 * with its call and each call with its bit, a password policy that can be met, option rows whose defaults pass their
 * own checks, rule rows with an id, a sentence and a field that exists.  AU_EINVAL names what is wrong.
 */
int au_plugin_vet(const struct au_target *table, const char *path, struct au_err *err);

#endif
