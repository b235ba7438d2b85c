/* SPDX-License-Identifier: ISC */
/* What a reload changes: block by block, and whether what uses the block can go on running. */
#ifndef SETTINGS_DIFF_H
#define SETTINGS_DIFF_H

#include "settings/settings.h"

enum au_change {
	AU_CHANGE_NONE = 0,
	AU_CHANGE_LIVE,    /* only AU_RELOAD rows differ: take the new values and go on */
	AU_CHANGE_RESTART, /* another row differs: what uses the block must begin anew */
	AU_CHANGE_ADDED,
	AU_CHANGE_REMOVED,
};

const char *au_change_name(enum au_change change); /* "unchanged", "changed", "restarted", "added", "removed" */

/* Two values objects of the same rows. */
enum au_change au_diff_values(const struct au_opt *rows, const struct au_values *old, const struct au_values *new);
/* Options of the plugin count as rows without AU_RELOAD unless the plugin's own row has it. */
enum au_change au_diff_target(const struct au_target_block *old, const struct au_target_block *new);

/*
 * Call fn for every section and block that is not the same: section "sources", name "corp" (NULL for the single
 * groups, and for a list whose blocks stand in another order).  New blocks and changes in the order of the new file,
 * then removals in the order of the old one.
 */
typedef void au_diff_fn(void *ctx, const char *section, const char *name, enum au_change change);
void au_settings_diff(const struct au_settings *old, const struct au_settings *new, au_diff_fn *fn, void *ctx);

#endif
