/* SPDX-License-Identifier: ISC */
/*
 * Cursors (RFC 9865): the place behind the last resource of a page, or before its first one, encrypted and authenticated, so that a client can
 * neither read nor make one.  All that is needed to go on is in it: nothing is kept here between two pages, and what
 * comes or goes meanwhile moves no other resource into or out of a later page.
 */
#ifndef SCIM_CURSOR_H
#define SCIM_CURSOR_H

#include "base/mem.h"
#include "scim/fault.h"
#include "scim/query.h"
#include "scim/sort.h"

struct au_cursor {
	const char *type; /* of the last resource, or of the first one when it leads back */
	long long num;    /* its number */
	bool backward;    /* the page before is meant */
	bool sorted;
	struct au_sort_key key; /* its place in the sort order */
};

/* What a cursor is good for: one client's repetition of one query. */
struct au_cursor_scope {
	const unsigned char *key; /* 32 bytes, the endpoint's */
	const char *client;
	const char *endpoint;
	const struct au_query *query;
	long long now_ms, timeout_ms;
};

/* Unreserved characters of RFC 3986 only; in the arena. */
const char *au_cursor_text(struct au_arena *arena, const struct au_cursor_scope *scope, const struct au_cursor *cursor);
/* invalidCursor: not one of ours, or of another query or client; expiredCursor; invalidCount: another count. */
int au_cursor_read(struct au_arena *arena, const struct au_cursor_scope *scope, const char *text, struct au_cursor *ret,
    struct au_fault *fault);

#endif
