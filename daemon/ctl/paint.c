/* SPDX-License-Identifier: ISC */
/* The sixteen colours that every terminal has, so that the person's own palette decides how they look. */
#include "ctl/paint.h"

#include <string.h>

static const char *const codes[] = {
	[AU_PAINT_GOOD] = "\033[32m",
	[AU_PAINT_WARN] = "\033[33m",
	[AU_PAINT_BAD] = "\033[31m",
	[AU_PAINT_DIM] = "\033[2m",
	[AU_PAINT_BOLD] = "\033[1m",
};

bool
au_paint_wanted(bool terminal, const char *no_color, const char *term)
{
	return terminal && au_str_empty(no_color) && !au_str_empty(term) && strcmp(term, "dumb") != 0;
}

void
au_paint_put(struct au_str *out, bool on, enum au_paint paint, const char *text)
{
	bool painted = on && paint != AU_PAINT_NONE;

	if (text == NULL)
		text = "-";
	if (painted)
		au_str_put(out, codes[paint]);
	au_str_visible(out, text, strlen(text));
	if (painted)
		au_str_put(out, "\033[0m");
}
