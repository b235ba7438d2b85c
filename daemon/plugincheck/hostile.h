/* SPDX-License-Identifier: ISC */
/* Values as nobody means them and somebody sends them. */
#ifndef PLUGINCHECK_HOSTILE_H
#define PLUGINCHECK_HOSTILE_H

#include <stddef.h>

struct hostile {
	const char *what; /* for people */
	const char *text;
};
extern const struct hostile hostile_values[]; /* ends with a NULL text */

/* Where such values go: texts of an account (struct au_target_account) that people choose. */
#define HOSTILE_MEMBERS 5
struct hostile_member {
	const char *name;
	size_t offset;
};
extern const struct hostile_member hostile_members[HOSTILE_MEMBERS];

#endif
