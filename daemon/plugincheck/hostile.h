/* SPDX-License-Identifier: ISC */
/* Values as nobody means them and somebody sends them. */
#ifndef PLUGINCHECK_HOSTILE_H
#define PLUGINCHECK_HOSTILE_H

struct hostile {
	const char *what; /* for people */
	const char *text;
};
extern const struct hostile hostile_values[]; /* ends with a NULL text */

#endif
