/* SPDX-License-Identifier: ISC */
/*
 * A search whose answer comes in pages, and whether it came whole: each page is
 * judged here, for all who read one.  An answer that refers elsewhere for a part
 * of itself, stops in the middle or ends with anything but success is void.
 */
#ifndef SOURCED_PAGED_H
#define SOURCED_PAGED_H

#include "sourced/line.h"
#include "sourced/page.h"

/* Each may begin another search, and free the paged when the last page came or it failed. */
struct au_paged_events {
	void (*entry)(void *ctx, LDAPMessage *message);
	/* A page has come whole.  is_last: it was the last; else au_paged_ask brings the next. */
	void (*ended)(void *ctx, bool is_last);
	/* The answer is void; fault's code is LDAP_REFERRAL when a part of it is elsewhere. */
	void (*failed)(void *ctx, const struct au_fault *fault);
};

struct au_paged {
	/* As the owner sets them; they outlive the answer. */
	const char *name; /* of what is searched, for people */
	const struct au_paged_events *events;
	void *ctx;
	struct au_line *line;
	struct au_line_search search; /* without controls */
	LDAPControl *extra;           /* goes along; may be NULL */
	bool is_single;               /* the answer is one page at most: none is asked for */
	bool may_be_missing;          /* a base that is not there is an answer without entries */
	/* Zeroed in the beginning. */
	int message_id; /* 0: nothing is asked */
	bool has_entry; /* of the page under way */
	struct au_page page;
};

/* Ask for the first page, or the next. */
void au_paged_ask(struct au_paged *paged);
/* Break off; back to the first page.  Needed before a line goes away, and when the owner is done with it. */
void au_paged_stop(struct au_paged *paged);

#endif
