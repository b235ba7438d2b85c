/* SPDX-License-Identifier: ISC */
/*
 * Groups of a SCIM service whose members are somewhere else than in the list of
 * groups (option members_from): each is made whole before it is told of.
 */
#ifndef SOURCED_PULL_GROUPS_H
#define SOURCED_PULL_GROUPS_H

#include "sourced/pull_list.h"
#include "sourced/pull_rolls.h"

struct au_pull_groups;

struct au_pull_groups_events {
	void (*group)(void *ctx, const struct au_mapped *group);
	/* It is there, and what it holds is not known. */
	void (*unread)(void *ctx, const char *id, const char *why);
	void (*done)(void *ctx); /* none waits any more */
	void (*torn)(void *ctx, const char *why);
	void (*failed)(void *ctx, const struct au_fault *fault, int64_t retry_after_ms);
};

struct au_pull_groups_config {
	struct au_remote *remote;
	const struct au_source_config *settings;
	const struct au_pulled_map *map;
	const struct au_pull_rolls *rolls; /* of the latest users; NULL where users are not asked */
	const struct au_pull_groups_events *events;
	void *ctx;
};

/* Whether users tell of their groups, so that a change of a group is seen in them only. */
bool au_pull_groups_are_of_users(const struct au_source_config *settings);
/* Whether only a reading of everything tells members. */
bool au_pull_groups_need_whole(const struct au_source_config *settings);
/* Whether a single group tells its members when asked. */
bool au_pull_groups_tell(const struct au_source_config *settings);
/* What the list of groups is asked with besides; "" when there is nothing. */
const char *au_pull_groups_query(const struct au_source_config *settings);

/* All of the config outlives it. */
struct au_pull_groups *au_pull_groups_new(const struct au_pull_groups_config *config);
void au_pull_groups_free(struct au_pull_groups *groups); /* NULL is fine; the remote was cancelled before */

/* A group of the list: told of at once, or kept until au_pull_groups_go. */
enum au_taken au_pull_groups_take(struct au_pull_groups *groups, const json_t *resource, const char *id);
/* Make those whole that wait; one of the last three events ends it, not at once.  False: none waits. */
bool au_pull_groups_go(struct au_pull_groups *groups, const struct au_pulled_service *service);
void au_pull_groups_stop(struct au_pull_groups *groups); /* the remote is cancelled by the caller */

#endif
