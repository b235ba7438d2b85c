/* SPDX-License-Identifier: ISC */
/* Nodes of the file to values: single groups, named blocks, and a plugin's own group in a block. */
#ifndef SETTINGS_SETTINGS_BLOCK_H
#define SETTINGS_SETTINGS_BLOCK_H

#include "base/map.h"
#include "settings/raw.h"
#include "settings/section.h"
#include "settings/settings.h"

/* What is under way while a file is read. */
struct au_reading {
	struct au_settings *settings;
	const struct au_raw *root;
	struct au_map *names; /* "SPACE NAME" -> where it was taken */
	au_describe_fn *describe;
	void *describe_ctx;
	struct au_err *err;
};

/* The blocks of a list section; none when the file has no such section. */
struct au_blocks {
	const struct au_section *section;
	const struct au_raw *raw;
	size_t count;
};

/* All: AU_EINVAL (AU_EPERM for a secret's file) with "FILE:LINE: ...".  Results live in the settings' arena. */

/* A section that is a single group; *ret_raw is NULL when the file has none and values are the defaults. */
int au_reading_group(
    const struct au_reading *r, const char *name, struct au_values **ret, const struct au_raw **ret_raw);
int au_reading_list(const struct au_reading *r, const char *name, struct au_blocks *ret);
/* One block of a list; its name is taken, so that it is refused the next time. */
int au_reading_block(
    const struct au_reading *r, const struct au_section *section, const struct au_raw *raw, struct au_block *ret);
/* The values of a group in a list that is nested in a block; nothing is done about its name. */
int au_reading_values(
    const struct au_reading *r, const struct au_section *section, const struct au_raw *raw, struct au_values **ret);
/* section->inner of a block, read by the plugin's rows. */
int au_reading_inner(const struct au_reading *r, const struct au_section *section, const struct au_raw *block,
    const struct au_opt *rows, struct au_values **ret);
/* A template, by the rows of its target's plugin and the product's rules. */
int au_reading_template(
    const struct au_reading *r, const struct au_section *section, const struct au_raw *raw, struct au_template *ret);

#endif
