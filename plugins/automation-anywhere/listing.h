/* SPDX-License-Identifier: ISC */
/* Walking a list of the Control Room page by page, so that a whole list is whole. */
#ifndef AA_LISTING_H
#define AA_LISTING_H

#include "automation-anywhere/session.h"

struct aa_listing {
	const char *path, *permission;
	const json_t *filter; /* NULL = none */
	/* One row, in order of id.  A negative code ends the walk. */
	int (*take)(void *ctx, const json_t *row, struct au_err *err);
	void (*restart)(void *ctx); /* forget the rows so far; NULL when there is nothing to forget */
	void *ctx;
};

/*
 * Walk from the first row to the last, by id.  When the list moves meanwhile (another total, a row out of order, an end
 * that comes too early) it begins again once, and fails with AU_ETEMP the second time: a short list never passes for a
 * whole one.
 */
int aa_listing_walk(struct au_session *session, const struct aa_listing *listing, struct au_err *err);

#endif
