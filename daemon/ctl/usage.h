/* SPDX-License-Identifier: ISC */
/* The words of a command line: read by the rows of commands and options, and explained from them. */
#ifndef CTL_USAGE_H
#define CTL_USAGE_H

#include "ctl/ctl.h"

struct au_command_line {
	const struct au_command *command; /* NULL: --help or --version alone */
	const char *socket;
	bool help, version;
	struct au_ctl ctl; /* json, args, options */
};

/* argv is permuted.  AU_EINVAL says which word is wrong. */
int au_command_line_read(int argc, char **argv, struct au_command_line *ret, struct au_err *err);
/* One command, or all of them. */
void au_usage_put(const struct au_command *command_or_null, struct au_str *out);

#endif
