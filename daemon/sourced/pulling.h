/* SPDX-License-Identifier: ISC */
/*
 * Readings of one kind of resource of a SCIM service, page by page: of
 * everything, which may remove, or of what changed since a time, which cannot.
 */
#ifndef SOURCED_PULLING_H
#define SOURCED_PULLING_H

#include "sourced/batch.h"
#include "sourced/fault.h"
#include "sourced/pull_rolls.h"
#include "sourced/pulled.h"
#include "sourced/remote.h"

struct au_pulling;

struct au_pulling_config {
	enum au_search search;
	struct au_remote *remote;
	struct au_outbox *outbox;
	struct au_batch *batch;
	const struct au_source_config *settings;
	const struct au_pulled_map *map;
	struct au_pull_rolls *rolls; /* filled by people, used by groups; NULL where users are not asked for theirs */
	void (*ended)(void *ctx, enum au_search search); /* well */
	/* retry_after_ms: the service asked us to stay away so long; 0 when it did not. */
	void (*failed)(void *ctx, enum au_search search, const struct au_fault *fault, int64_t retry_after_ms);
	/* An id that the other kind of resource has already must not be taken (RFC 7643 section 3.1: unique among all).
	 */
	bool (*is_foreign)(void *ctx, enum au_search search, const char *id);
	void *ctx;
};

struct au_pulling *au_pulling_new(const struct au_pulling_config *config);
void au_pulling_free(struct au_pulling *pulling); /* NULL is fine */

/*
 * Read everything.  Nobody is removed unless the pages join without a gap, no id comes twice, as many came as the
 * service says there are, and those whom the daemon knows and the list did not name are not found when asked for one by
 * one.  A reading that a change of the list has torn begins again.
 */
void au_pulling_whole(struct au_pulling *pulling, const struct au_pulled_service *service);
/* Read what changed since the newest change that was seen, and compare the number there is with the number known. */
void au_pulling_changes(struct au_pulling *pulling, const struct au_pulled_service *service);
/* Whether there was a whole reading in this process, so that changes can be asked for. */
bool au_pulling_can_follow(const struct au_pulling *pulling);
/* Of the last reading of changes: the numbers do not agree, so somebody is gone. */
bool au_pulling_misses(const struct au_pulling *pulling);
bool au_pulling_has(const struct au_pulling *pulling, const char *id);
/* Resources that were there and could not be understood, since the last whole reading began: how many, and why of the
 * first; NULL when there were none. */
const char *au_pulling_unread(const struct au_pulling *pulling, unsigned *ret_count);
/* The daemon's answer to what was asked before a whole reading ends. */
void au_pulling_unseen(struct au_pulling *pulling, const struct au_source_unseen *unseen);
/* Another server of the service is in use: what changed since a time, and tags of pages, are the former's. */
void au_pulling_turned(struct au_pulling *pulling);
void au_pulling_room(struct au_pulling *pulling); /* the outbox has room again */
void au_pulling_stop(struct au_pulling *pulling); /* what is under way is void; the remote is cancelled by the caller */

#endif
