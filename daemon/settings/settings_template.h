/* SPDX-License-Identifier: ISC */
/* Templates, in a configuration or alone: one that is being written can be tried in the place of the one in force. */
#ifndef SETTINGS_SETTINGS_TEMPLATE_H
#define SETTINGS_SETTINGS_TEMPLATE_H

#include "settings/raw.h"
#include "settings/settings.h"

/*
 * The configuration with one template changed: the block takes the place of the template of its name, or comes last.
 * It is a settings object like any other and holds the one that it was made of.  AU_EINVAL with "FILE:LINE: ...".
 */
int au_settings_with_template(
    struct au_settings *settings, const struct au_raw *block, struct au_settings **ret, struct au_err *err);

/* The block of a template in a file that was read; AU_ENOENT names the file when it has none of that name. */
int au_template_find(const struct au_raw *root, const char *name, const struct au_raw **ret, struct au_err *err);

/* Where in its block the right stands of which a text speaks: the one a value of which the text quotes, or which it
 * names; the block's rights when it does neither. */
const struct au_raw *au_template_line(const struct au_raw *block, const char *text);

#endif
