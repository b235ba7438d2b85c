/* SPDX-License-Identifier: ISC */
/* The pools of a target: the plugin's rows with what the configuration says of them, and pools of the configuration's
 * own. */
#ifndef SETTINGS_SETTINGS_CAPACITY_H
#define SETTINGS_SETTINGS_CAPACITY_H

#include "settings/settings_block.h"

/*
 * Fills the target's pools by its list `capacity`; describe is there already.  AU_EINVAL with "FILE:LINE: ...": a pool
 * that stands twice, a limit above the product's own (it may be narrowed, never widened), a reserve above the limit,
 * freed_by_disable of a pool about which the plugin knows.
 */
int au_reading_capacity(const struct au_reading *r, const struct au_section *section, const struct au_raw *block,
    struct au_target_block *target);
/*
 * What a template takes, as au_takes_print writes it; NULL = nothing.  AU_EINVAL with "FILE:LINE: ...": a text of a
 * wrong form, a pool that stands twice, is not there, or is counted by the plugin itself.
 */
int au_reading_takes(const struct au_reading *r, const struct au_raw *block, const struct au_values *values,
    const struct au_target_block *target, const char **ret);

#endif
