/* SPDX-License-Identifier: ISC */
/*
 * One search that is made once, to see what comes: page by page, until it ends
 * or enough was seen.  What it means is the asker's to say; nothing is retried.
 */
#ifndef SOURCED_ASK_H
#define SOURCED_ASK_H

#include "sourced/line.h"

struct au_ask;

/* How it ended.  Text lives until the callback returns. */
struct au_asked {
	int code;         /* LDAP result code */
	const char *text; /* the server's own; may be NULL */
	long long entries, pages, referrals;
	bool is_whole;      /* the server came to the end; false also when enough was seen */
	bool is_unpaged;    /* it gave everything at once, or refused to page */
	const char *broken; /* what could not be understood; NULL = nothing */
};

struct au_ask_config {
	struct au_line *line;
	const char *base, *filter;
	int scope;
	const char *const *attributes;                          /* NULL-terminated */
	LDAPControl *control;                                   /* beside that of pages; NULL = none */
	int page;                                               /* entries at a time; 0 = no pages */
	long long most;                                         /* entries; 0 = all there are */
	int64_t timeout_ms;                                     /* longest wait for each message */
	void (*entry)(void *ctx, LDAPMessage *message);         /* NULL: they are only counted */
	void (*ended)(void *ctx, const struct au_asked *asked); /* once; not from within au_ask_new */
	void *ctx;
};

/* Text and control of config last until it is freed.  A line that fails tells its owner, and the asker nothing. */
struct au_ask *au_ask_new(const struct au_ask_config *config);
void au_ask_free(struct au_ask *ask); /* the line still lives; not from within a callback; NULL is fine */
/* So many entries came so far. */
long long au_ask_count(const struct au_ask *ask);

#endif
