/* SPDX-License-Identifier: ISC */
/* The file by which people tell a tool which instance of a product is meant: JSON, with "options" as in a target's
 * block; secrets are named by their place only. */
#ifndef TARGETD_INSTANCE_H
#define TARGETD_INSTANCE_H

#include "base/json.h"
#include "model/describe.h"

/* Read the file; AU_EINVAL, AU_ELIMIT or AU_EIO begin with its path.  The caller owns the object. */
int au_instance_read(const char *path, json_t **ret, struct au_err *err);
/*
 * The options with their secrets by value, as the call 'open' wants them; options may be NULL for none.  au_json_wipe
 * it after use.  AU_EINVAL names the option; the errors of au_io_secret.
 */
int au_instance_options(const json_t *options, const struct au_describe *describe, json_t **ret, struct au_err *err);

#endif
