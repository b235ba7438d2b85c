/* SPDX-License-Identifier: ISC */
/*
 * Where to hear which objects of a partition changed, when asked: each kind of
 * feed is a table of functions.  tail.h makes a way of following out of one.
 */
#ifndef SOURCED_FEED_H
#define SOURCED_FEED_H

#include "sourced/follow.h"
#include "sourced/ledger.h"

/* An object that changed. */
struct au_feed_change {
	const char *id;
	bool is_deleted;
	bool is_moved; /* it has another name or place, and so has what lies below it */
	/* Of a group: who joined and left, and nothing else of it changed; NULL: anything may have. */
	const struct au_ledger_change *members;
};

struct au_feed_events {
	void (*changed)(void *ctx, const struct au_feed_change *change); /* valid until it returns */
	/* The entry of this DN may have come under the filter or left it, although it did not change itself. */
	void (*doubted)(void *ctx, const char *dn);
	/* Everything up to the cookie has been told.  more: ask again at once. */
	void (*told)(void *ctx, const char *cookie, bool more);
	/* The server is older than it was: the next reading of everything is to remove nobody without a person's word.
	 */
	void (*aged)(void *ctx);
	/* With AU_FAULT_RELOAD the server does not take the cookie. */
	void (*failed)(void *ctx, const struct au_fault *fault);
};

struct au_feed {
	const char *name; /* of its cookies: those of another feed say nothing to it */
	void *(*create)(const struct au_mapping *mapping, const struct au_feed_events *events, void *ctx);
	void (*destroy)(void *feed); /* NULL is fine */
	void (*start)(void *feed, const struct au_follow_start *start);
	/*
	 * What changed since the cookie, with one of events' last two at the end.  is_quiet: only where we are now,
	 * from which a reading of everything can go on; the cookie is NULL, or that of an answer which had more.
	 */
	void (*ask)(void *feed, const char *cookie, bool is_quiet);
	void (*stop)(void *feed); /* the line is going away */
	/* Not everything that leaves is told of: only a reading of everything shows what is gone. */
	bool (*is_blind)(const void *feed);
};

#endif
