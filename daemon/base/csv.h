/* SPDX-License-Identifier: ISC */
/*
 * Comma-separated values, RFC 4180, as people's programs write them: any line end, a byte order mark, ';' or a tab for
 * the comma.
 */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

struct au_csv_row {
	const char **fields;
	size_t count;
	size_t line; /* of the file, where it begins; from 1 */
};

/*
 * All rows of a text of len bytes, the first one being the header, which says what divides fields.  Empty lines are
 * left out.  AU_EINVAL names the line: a quote that never ends or stands within a field, a row that is longer or
 * shorter than the header, a NUL, no valid UTF-8; AU_ELIMIT: more than most rows.
 */
int au_csv_parse(struct au_arena *arena, const char *text, size_t len, size_t most, struct au_csv_row **ret,
    size_t *ret_count, struct au_err *err);

/* One row, quoted where it must be; a text that a spreadsheet would take for a formula begins with an apostrophe. */
void au_csv_put(struct au_str *out, const char *const *fields, size_t count);

#endif
