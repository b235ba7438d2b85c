/* SPDX-License-Identifier: ISC */
/* Without "sort" the newest comes first, as documented (A2). */
#include "listing.h"

#include "../common/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *
read_sort(struct listing *listing, const json_t *sort)
{
	const json_t *item;
	size_t index;

	if (sort == NULL || json_is_null(sort))
		return NULL;
	if (!json_is_array(sort) || json_array_size(sort) > sizeof(listing->sort) / sizeof(listing->sort[0]))
		return "sort is no list, or too long a one";
	json_array_foreach (sort, index, item) {
		const char *field = json_string_value(json_object_get(item, "field"));
		const char *direction = json_string_value(json_object_get(item, "direction"));
		const struct column *column = field != NULL ? column_find(listing->columns, field) : NULL;

		if (column == NULL)
			return "unknown field to sort by";
		if (direction == NULL || (strcasecmp(direction, "asc") != 0 && strcasecmp(direction, "desc") != 0))
			return "direction is neither asc nor desc";
		listing->sort[index].column = column;
		listing->sort[index].descending = strcasecmp(direction, "desc") == 0;
		listing->sort_count++;
	}
	return NULL;
}

static const char *
read_number(const json_t *page, const char *name, long long least, long long most, long long *place)
{
	const json_t *value = json_object_get(page, name);

	if (value == NULL || json_is_null(value))
		return NULL;
	if (!json_is_integer(value) || json_integer_value(value) < least || json_integer_value(value) > most)
		return "page is out of range";
	*place = json_integer_value(value);
	return NULL;
}

bool
listing_read(struct listing *listing, const json_t *body, const struct column *columns, long length_default,
    long length_max, const char **ret_problem)
{
	const json_t *page = json_object_get(body, "page");
	const char *problem = NULL;

	memset(listing, 0, sizeof(*listing));
	listing->columns = columns;
	listing->length = length_default;
	if (!filter_read(json_object_get(body, "filter"), columns, &listing->filter, &problem) ||
	    (problem = read_sort(listing, json_object_get(body, "sort"))) != NULL ||
	    (problem = read_number(page, "offset", 0, 1LL << 40, &listing->offset)) != NULL ||
	    (problem = read_number(page, "length", 1, length_max, &listing->length)) != NULL) {
		*ret_problem = problem;
		return false;
	}
	return true;
}

void
listing_done(struct listing *listing)
{
	filter_free(listing->filter);
	listing->filter = NULL;
}

static int
compare(const void *a, const void *b, void *context)
{
	const struct listing *listing = context;
	const void *row = *(void *const *)a, *other = *(void *const *)b;

	for (size_t i = 0; i < listing->sort_count; i++) {
		int result = column_compare(listing->sort[i].column, row, other);

		if (result != 0)
			return listing->sort[i].descending ? -result : result;
	}
	return 0;
}

static void
reverse(const void **rows, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		const void *swap = rows[i];

		rows[i] = rows[count - 1 - i];
		rows[count - 1 - i] = swap;
	}
}

void
listing_run(const struct listing *listing, void *const *rows, size_t count, const void ***ret_rows, size_t *ret_count,
    size_t *ret_matching)
{
	const void **matching = need(calloc(count + 1, sizeof(*matching)));
	size_t found = 0, first, length;

	for (size_t i = 0; i < count; i++) {
		if (filter_matches(listing->filter, rows[i]))
			matching[found++] = rows[i];
	}
	/* The rows are ascending by id already, so the usual two orders cost nothing. */
	if (listing->sort_count == 0)
		reverse(matching, found);
	else if (strcmp(listing->sort[0].column->name, "id") != 0)
		qsort_r(matching, found, sizeof(*matching), compare, (void *)listing);
	else if (listing->sort[0].descending)
		reverse(matching, found);
	first = listing->offset < (long long)found ? (size_t)listing->offset : found;
	length = found - first < (size_t)listing->length ? found - first : (size_t)listing->length;
	memmove(matching, matching + first, length * sizeof(*matching));
	*ret_rows = matching;
	*ret_count = length;
	*ret_matching = found;
}

json_t *
listing_answer(const struct listing *listing, size_t total, size_t matching, json_t *list)
{
	return json_pack("{s:{s:I, s:I, s:I}, s:o}", "page", "offset", (json_int_t)listing->offset, "total",
	    (json_int_t)total, "totalFilter", (json_int_t)matching, "list", list);
}
