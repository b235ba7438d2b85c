/* SPDX-License-Identifier: ISC */
/* The filter of the product's list calls: operators over columns of a row. */
#ifndef CONTROL_ROOM_FILTER_H
#define CONTROL_ROOM_FILTER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum column_kind { COLUMN_TEXT, COLUMN_NUMBER, COLUMN_FLAG, COLUMN_TIME };

/* Where a row keeps what a field name means: char *, long long, bool, long long (ms). */
struct column {
	const char *name;
	enum column_kind kind;
	size_t offset;
};

const struct column *column_find(const struct column *columns, const char *name);
int column_compare(const struct column *column, const void *row, const void *other);

struct filter;

/*
 * Read a filter; absent, null and {} mean "everything" and give *ret = NULL.  False, with a word about why in
 * *ret_problem, for an unknown operator or field, an operator that does not go with the field, a wrong value.
 */
bool filter_read(const json_t *json, const struct column *columns, struct filter **ret, const char **ret_problem);
bool filter_matches(const struct filter *filter, const void *row); /* NULL matches */
void filter_free(struct filter *filter);
/* The text that the column must equal for any match, or NULL when the filter is of another form. */
const char *filter_exact(const struct filter *filter, const char *column);

#endif
