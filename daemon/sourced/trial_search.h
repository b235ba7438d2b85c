/* SPDX-License-Identifier: ISC */
/* One of the two searches as a trial sees it: how much there is, and what becomes of the first of it. */
#ifndef SOURCED_TRIAL_SEARCH_H
#define SOURCED_TRIAL_SEARCH_H

#include "base/map.h"
#include "sourced/ask.h"
#include "sourced/command.h"
#include "sourced/mapping.h"

#define AU_TRIAL_MEMBERS 5 /* of a group that are looked up */

/* A member of which people are told what it is. */
struct au_trial_member {
	const char *ref; /* model/ref.h */
	json_t *json;    /* the group's; borrowed */
};

struct au_trial_search {
	json_t *report, *json; /* json: of the report */
	const struct au_mapping *mapping;
	struct au_arena *arena;
	const struct au_command_as *as;
	long long shown; /* in full, at most */
	/* Of those that were read. */
	long long read, unusable, inactive, with_members;
	long long *with;  /* how many have each of the mapping's attributes */
	long long *locks; /* how many each of its tests disables */
	long long empty[AU_MAPPED_TEXTS];
	struct au_map *mails; /* folded address -> DN of the first */
	long long shared;     /* people with an address that another one has */
	struct au_trial_member *members;
	size_t member_count;
};

/* Everything given outlives it; it is part of the report from now on. */
void au_trial_search_init(struct au_trial_search *search, json_t *report, const struct au_mapping *mapping,
    struct au_arena *arena, const struct au_command_as *as, long long shown);
void au_trial_search_done(struct au_trial_search *search); /* fine on a zeroed one */
/* The line by which people do what is done next. */
void au_trial_search_command(struct au_trial_search *search, const struct au_command_search *what);
void au_trial_search_counted(struct au_trial_search *search, const struct au_asked *asked);
/* so_far: time was up before the end. */
void au_trial_search_counting(struct au_trial_search *search, long long so_far);
void au_trial_search_entry(struct au_trial_search *search, LDAP *ld, LDAPMessage *message);
void au_trial_search_read(struct au_trial_search *search, const struct au_asked *asked);

#endif
