/* SPDX-License-Identifier: ISC */
/* Tables for people: columns aligned by what a terminal shows, not by bytes. */
#ifndef CTL_TABLE_H
#define CTL_TABLE_H

#include "ctl/paint.h"

struct au_column {
	const char *title;
	bool right; /* numbers */
};

struct au_table;

/* columns end with a NULL title and outlive the table. */
struct au_table *au_table_new(const struct au_column *columns);
void au_table_free(struct au_table *table); /* NULL is fine */
void au_table_freep(struct au_table **table);

/* Cells in reading order; text is made visible, NULL is shown as "-". */
void au_table_text(struct au_table *table, const char *text, enum au_paint paint);
void au_table_number(struct au_table *table, long long number);
size_t au_table_rows(const struct au_table *table);

/* Nothing at all when the table has no rows. */
void au_table_put(const struct au_table *table, bool colour, struct au_str *out);

#endif
