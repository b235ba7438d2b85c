/* SPDX-License-Identifier: ISC */
/* Text that is broken into lines where a terminal ends. */
#ifndef CTL_WRAP_H
#define CTL_WRAP_H

#include "ctl/paint.h"

/* Columns of standard output: of the terminal, 0 when it is none, so that nothing is broken. */
size_t au_wrap_columns(void);

/*
 * One item: `head` in column `indent`, then `text`, whose further lines stand `hang` blanks in; ends the line.
 * Both are made visible.  Lines break between words (UAX #14 by libunistring) and are `columns` wide at the most, as
 * long as no word is longer; 0 = never.
 */
struct au_wrap {
	size_t columns, indent, hang;
	bool colour;
	size_t written; /* columns of the first line that are there already */
};
void au_wrap_put(
    struct au_str *out, const struct au_wrap *wrap, const char *head, enum au_paint paint, const char *text);

#endif
