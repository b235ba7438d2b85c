/* SPDX-License-Identifier: ISC */
/* Rules of our own in a target's block: only ever stricter than the product's (model/stricter.h). */
#ifndef SETTINGS_SETTINGS_TIGHTEN_H
#define SETTINGS_SETTINGS_TIGHTEN_H

#include "settings/settings_block.h"

/*
 * Read the list of a target's block whose `plugin` is known; fills `own` and `describe`.
 * AU_EINVAL with "FILE:LINE: ..." of the rule that is wrong.
 */
int au_reading_tighten(const struct au_reading *r, const struct au_section *section, const struct au_raw *block,
    struct au_target_block *ret);

#endif
