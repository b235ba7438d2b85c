/* SPDX-License-Identifier: ISC */
/* Cells are kept escaped; widths are measured when the table is printed (libunistring: wide and combining characters).
 */
#include "ctl/table.h"

#include "base/mem.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <uniwidth.h>

#define GAP 2

struct cell {
	char *text;
	enum au_paint paint;
};

struct au_table {
	const struct au_column *columns;
	size_t column_count;
	struct cell *cells;
	size_t cell_count, cell_cap;
};

struct au_table *
au_table_new(const struct au_column *columns)
{
	struct au_table *table = au_xcalloc(1, sizeof(*table));

	table->columns = columns;
	while (columns[table->column_count].title != NULL)
		table->column_count++;
	return table;
}

void
au_table_free(struct au_table *table)
{
	if (table == NULL)
		return;
	for (size_t i = 0; i < table->cell_count; i++)
		free(table->cells[i].text);
	free(table->cells);
	free(table);
}

void
au_table_freep(struct au_table **table)
{
	au_table_free(*table);
}

void
au_table_text(struct au_table *table, const char *text, enum au_paint paint)
{
	struct au_str visible = AU_STR_INIT;

	if (au_str_empty(text))
		text = "-";
	au_str_visible(&visible, text, strlen(text));
	if (table->cell_count == table->cell_cap) {
		table->cell_cap = table->cell_cap > 0 ? 2 * table->cell_cap : 64;
		table->cells = au_xrealloc(table->cells, table->cell_cap, sizeof(*table->cells));
	}
	table->cells[table->cell_count++] = (struct cell){ au_str_take(&visible), paint };
}

void
au_table_number(struct au_table *table, long long number)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", number);
	au_table_text(table, text, AU_PAINT_NONE);
}

size_t
au_table_rows(const struct au_table *table)
{
	return table->cell_count / table->column_count;
}

static size_t
width_of(const char *text)
{
	int width = u8_strwidth((const uint8_t *)text, "UTF-8");

	return width > 0 ? (size_t)width : 0;
}

static size_t
column_width(const struct au_table *table, size_t column)
{
	size_t widest = width_of(table->columns[column].title);

	for (size_t i = column; i < table->cell_count; i += table->column_count) {
		size_t width = width_of(table->cells[i].text);
		if (width > widest)
			widest = width;
	}
	return widest;
}

static void
put_blanks(struct au_str *out, size_t count)
{
	while (count-- > 0)
		au_str_putc(out, ' ');
}

/* The last column is not filled up, so that lines have no blanks at their ends. */
static void
put_cell(const struct au_table *table, size_t column, size_t width, const char *text, enum au_paint paint, bool colour,
    struct au_str *out)
{
	size_t fill = width - width_of(text);
	bool last = column + 1 == table->column_count, right = table->columns[column].right;

	if (right)
		put_blanks(out, fill);
	au_paint_put(out, colour, paint, text);
	if (!right && !last)
		put_blanks(out, fill);
	if (last)
		au_str_putc(out, '\n');
	else
		put_blanks(out, GAP);
}

void
au_table_put(const struct au_table *table, bool colour, struct au_str *out)
{
	AU_CLEANUP(au_freep) size_t *widths = au_xcalloc(table->column_count, sizeof(*widths));

	assert(table->cell_count % table->column_count == 0);
	if (table->cell_count == 0)
		return;
	for (size_t i = 0; i < table->column_count; i++)
		widths[i] = column_width(table, i);
	for (size_t i = 0; i < table->column_count; i++)
		put_cell(table, i, widths[i], table->columns[i].title, AU_PAINT_BOLD, colour, out);
	for (size_t i = 0; i < table->cell_count; i++) {
		size_t column = i % table->column_count;
		put_cell(table, column, widths[column], table->cells[i].text, table->cells[i].paint, colour, out);
	}
}
