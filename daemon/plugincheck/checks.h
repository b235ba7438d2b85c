/* SPDX-License-Identifier: ISC */
/* The checks, each a function that leaves findings on the stage.  In the table's order: each may rely on those before.
 */
#ifndef PLUGINCHECK_CHECKS_H
#define PLUGINCHECK_CHECKS_H

#include "plugincheck/stage.h"

typedef void check_fn(struct stage *stage);

check_fn check_table, check_open, check_rights, check_life, check_list, check_values, check_repeat, check_cases,
    check_strike, check_cut, check_order;

struct check {
	const char *name;
	const char *text; /* what holds when it finds nothing */
	check_fn *run;
	bool needs_product; /* works on accounts, so it says nothing of a plugin whose every change is a person's */
};
extern const struct check checks[]; /* ends with a NULL name */

#endif
