/* SPDX-License-Identifier: ISC */
/*
 * What is remembered of one list of a SCIM service from reading to reading: whom it has shown, how many there should
 * be, and when the newest change was.
 */
#ifndef SOURCED_PULL_MEMORY_H
#define SOURCED_PULL_MEMORY_H

#include "sourced/pull_known.h"

struct au_pull_memory {
	struct au_pull_known *known; /* who there is; NULL before the first whole reading */
	struct au_pull_known *seen;  /* the same of a whole reading under way, else NULL */
	long long listed;            /* how many of them the server in use lists, as far as we know */
	long long fresh;             /* of the changes under way: who was not known before */
	int64_t newest_ms, newest_seen_ms;
	bool misses; /* the numbers do not agree, so somebody is gone */
};

void au_pull_memory_done(struct au_pull_memory *memory);

/* A reading begins; one that does not end well is forgotten. */
void au_pull_memory_begin(struct au_pull_memory *memory, bool is_whole);
void au_pull_memory_drop(struct au_pull_memory *memory);
/* A server shows one, as au_pull_known_show. */
bool au_pull_memory_show(struct au_pull_memory *memory, const char *id, int64_t modified_ms, size_t server);
/* What is known of one stays so. */
void au_pull_memory_keep(struct au_pull_memory *memory, const char *id);
/* The whole reading ended well, and so many were listed. */
void au_pull_memory_whole(struct au_pull_memory *memory, long long listed);
/* The changes ended well, and there are so many now. */
void au_pull_memory_counted(struct au_pull_memory *memory, long long total);
/* The service cannot be asked for changes. */
void au_pull_memory_refused(struct au_pull_memory *memory);
/* Another server is asked from now on: what it changed since a time is not known. */
void au_pull_memory_turned(struct au_pull_memory *memory);

bool au_pull_memory_has(const struct au_pull_memory *memory, const char *id);
/* Whether changes can be asked for. */
bool au_pull_memory_can_follow(const struct au_pull_memory *memory);

#endif
