/* SPDX-License-Identifier: ISC */
/* Colours, by what they mean. */
#ifndef CTL_PAINT_H
#define CTL_PAINT_H

#include "base/str.h"

enum au_paint { AU_PAINT_NONE = 0, AU_PAINT_GOOD, AU_PAINT_WARN, AU_PAINT_BAD, AU_PAINT_DIM, AU_PAINT_BOLD };

/* Whether colours are wanted: a terminal that knows them, and no NO_COLOR (no-color.org). */
bool au_paint_wanted(bool terminal, const char *no_color, const char *term);
/* Text, made visible, in that colour when on; NULL is shown as "-". */
void au_paint_put(struct au_str *out, bool on, enum au_paint paint, const char *text);

#endif
