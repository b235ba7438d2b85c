/* SPDX-License-Identifier: ISC */
/* settings-doc: print the sample configuration or the option part of its manual page, for `make update-docs`. */
#include "settings/settings.h"

#include <stdio.h>

static const struct {
	const char *what;
	void (*print)(struct au_str *out);
} prints[] = {
	{ "sample", au_settings_print_sample },
	{ "man", au_settings_print_man },
};

int
main(int argc, char **argv)
{
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;

	for (size_t i = 0; argc == 2 && i < AU_COUNT(prints); i++)
		if (au_streq(argv[1], prints[i].what))
			prints[i].print(&out);
	if (out.len == 0) {
		fputs("usage: settings-doc sample|man\n", stderr);
		return 2;
	}
	return fputs(au_str_get(&out), stdout) == EOF || fflush(stdout) == EOF;
}
