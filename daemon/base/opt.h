/* SPDX-License-Identifier: ISC */
/*
 * Option rows (struct au_opt) and the values read by them.  The same rows give
 * the check, the sample file and the manual page.
 */
#ifndef BASE_OPT_H
#define BASE_OPT_H

#include "base/err.h"
#include "base/str.h"

#include <jansson.h>

/*
 * What the plugin header leaves open about a row:
 * min and max both 0 mean no limits, max below min no upper one; the length of
 * AU_STR counts code points; dflt of an AU_LIST is separated by commas.
 */

/* Values of one block.  Text belongs to the values. */
struct au_values;

struct au_values *au_values_new(const struct au_opt *rows); /* defaults filled in; rows must outlive it */
void au_values_free(struct au_values *values);              /* NULL is fine; secrets are wiped */

/* Find a row by name; NULL when there is none. */
const struct au_opt *au_opt_find(const struct au_opt *rows, const char *name);
/* Whether the row accepts its own default; AU_EINVAL. */
int au_opt_check_default(const struct au_opt *row, struct au_err *err);

/*
 * Set from a JSON value: string, integer, boolean or array of strings.
 * AU_TIME and AU_SIZE are text.  AU_SECRET is any text that is not empty: au_io_secret_check knows places.
 * AU_EINVAL: unknown name (the text lists near ones), wrong type, out of range, not among the choices.
 */
int au_values_set(struct au_values *values, const char *name, const json_t *value, struct au_err *err);
/* AU_EINVAL naming the first AU_REQUIRED row that has no value. */
int au_values_check(const struct au_values *values, struct au_err *err);
bool au_values_is_set(const struct au_values *values, const char *name); /* given, not defaulted */

const char *au_values_str(const struct au_values *values, const char *name); /* NULL when unset; aborts on an unknown name */
long long au_values_num(const struct au_values *values, const char *name);
bool au_values_bool(const struct au_values *values, const char *name);
const char *au_values_item(const struct au_values *values, const char *name, size_t index);
size_t au_values_count(const struct au_values *values, const char *name);

/* As a JSON object of what is set or defaulted; AU_SECRET rows as they are (a place, not a secret). */
json_t *au_values_json(const struct au_values *values);

/* Printing from rows. */
void au_opt_print_sample(const struct au_opt *rows, const char *indent, struct au_str *out); /* libconfig, defaults commented out */
void au_opt_print_man(const struct au_opt *rows, struct au_str *out);                        /* mdoc .It rows */
const char *au_opt_type_name(enum au_opt_type type);
/* Rows as a JSON array and back (the worker's --describe).  The result of parse lives in the arena of its caller. */
json_t *au_opt_rows_json(const struct au_opt *rows);
struct au_arena;
int au_opt_rows_parse(struct au_arena *arena, const json_t *array, const struct au_opt **ret, struct au_err *err);

#endif
