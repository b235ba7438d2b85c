/* SPDX-License-Identifier: ISC */
/* Walking a list of the service page by page, so that a list that is believed is whole. */
#ifndef SC_LISTING_H
#define SC_LISTING_H

#include "scim-target/session.h"

struct sc_listing {
	const char *endpoint;
	const char *filter; /* NULL = none */
	/* One resource, which has an id that did not come before.  A negative code ends the walk. */
	int (*take)(void *ctx, const json_t *resource, struct au_err *err);
	void (*restart)(void *ctx); /* forget the resources so far; NULL when there is nothing to forget */
	void *ctx;
};

/*
 * Walk from the first resource to the last, by index (RFC 7644 section 3.4.2.4) or by cursor (RFC 9865).  The service
 * must have been asked what it supports.  When the list moves meanwhile it begins again once, and fails with AU_ETEMP
 * the second time.  AU_EPROTO: pages that do not join, repeat themselves, or end before or behind what the service
 * counts; AU_ELIMIT: more than max_resources.
 */
int sc_listing_walk(struct au_session *session, const struct sc_listing *listing, struct au_err *err);

#endif
