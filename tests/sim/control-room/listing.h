/* SPDX-License-Identifier: ISC */
/* Filter, sort and page of a list call, over any table of rows that is ascending by id. */
#ifndef CONTROL_ROOM_LISTING_H
#define CONTROL_ROOM_LISTING_H

#include "filter.h"

struct listing {
	const struct column *columns;
	struct filter *filter;
	struct {
		const struct column *column;
		bool descending;
	} sort[4];
	size_t sort_count;
	long long offset, length;
};

/* Read a request body.  False with a word about why; the listing must be given to listing_done either way. */
bool listing_read(struct listing *listing, const json_t *body, const struct column *columns, long length_default,
    long length_max, const char **ret_problem);
void listing_done(struct listing *listing);

/*
 * Run it: *ret_rows (to be freed) holds the rows of the page in order, *ret_count how many they are,
 * *ret_matching how many rows the filter lets through.
 */
void listing_run(const struct listing *listing, void *const *rows, size_t count, const void ***ret_rows,
    size_t *ret_count, size_t *ret_matching);
/* {"page": {...}} around the list, which is taken over. */
json_t *listing_answer(const struct listing *listing, size_t total, size_t matching, json_t *list);

#endif
