/* SPDX-License-Identifier: ISC */
/* The parts of a configuration file, one row each, in the order in which they are read and printed. */
#ifndef SETTINGS_SECTION_H
#define SETTINGS_SECTION_H

#include "base/opt.h"

struct au_section {
	const char *name;
	const char
	    *space; /* of a list: its blocks' names are unique among the sections of that space; NULL for one group */
	const struct au_opt *rows;
	const char *inner; /* member that is a group of the plugin's own rows; NULL = none */
	const char *help;  /* one paragraph */
	const struct au_section
	    *const *nested; /* members that are lists of groups with rows of their own, ends with NULL; NULL = none */
};

extern const struct au_section au_sections[]; /* ends with a NULL name */

const struct au_section *au_section_find(const char *name); /* NULL when there is none */

#endif
