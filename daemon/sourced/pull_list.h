/* SPDX-License-Identifier: ISC */
/*
 * One list of a SCIM service, read to its end page by page, by cursor where that
 * is offered, else by index.  Whatever shows that it moved while it was read
 * tears it.
 */
#ifndef SOURCED_PULL_LIST_H
#define SOURCED_PULL_LIST_H

#include "sourced/fault.h"
#include "sourced/pulled.h"
#include "sourced/remote.h"

struct au_pull_list;

enum au_taken {
	AU_TAKEN_WHOLE = 1,
	AU_TAKEN_PART, /* what else there is to know of it, an unchanged entity tag of the page does not cover */
	AU_TAKEN_NOT,  /* the reader has stopped the list */
};

/* Each may stop the list, or ask the remote for more. */
struct au_pull_list_events {
	/* A resource with an id, none twice.  is_brief: the page is as it was last time, and this is the id only. */
	enum au_taken (*resource)(void *ctx, const json_t *resource, const char *id, bool is_brief);
	void (*page)(void *ctx);  /* one is over: au_pull_list_next goes on */
	void (*ended)(void *ctx); /* from au_pull_list_next: that was all, and the service agrees in number */
	void (*torn)(void *ctx, const char *why);
	/* fault->code is the status that was answered; 0 when none was, or when it was not the matter. */
	void (*failed)(void *ctx, const struct au_fault *fault, int64_t retry_after_ms);
};

struct au_pull_list_config {
	struct au_remote *remote;
	const char *path, *name; /* "/Users"; what it is called in faults */
	const char *query;       /* what is asked for besides, "&NAME=VALUE"; "" for nothing */
	long long page_size;
	bool trusts_total; /* else a list ends where a page brings nobody new */
	const struct au_pull_list_events *events;
	void *ctx;
};

/* All of the config outlives the list. */
struct au_pull_list *au_pull_list_new(const struct au_pull_list_config *config);
void au_pull_list_free(struct au_pull_list *list); /* NULL is fine; the remote was cancelled before */

/* Begin.  filter: which resources (RFC 7644 section 3.4.2.2); NULL: all, and then their pages may have entity tags. */
void au_pull_list_start(struct au_pull_list *list, const struct au_pulled_service *service, const char *filter);
void au_pull_list_next(struct au_pull_list *list);
/* Another server is asked from now on: pages that are kept are the former's. */
void au_pull_list_turned(struct au_pull_list *list);
void au_pull_list_stop(struct au_pull_list *list); /* the remote is cancelled by the caller */
/* Of the reading under way, or the last: resources that came, and pages beyond the first. */
long long au_pull_list_count(const struct au_pull_list *list);
long long au_pull_list_pages(const struct au_pull_list *list);

#endif
