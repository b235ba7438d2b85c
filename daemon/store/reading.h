/* SPDX-License-Identifier: ISC */
/*
 * How sources were read, newest readings only; and what was missing in a
 * reading, until another one has confirmed it.
 */
#ifndef STORE_READING_H
#define STORE_READING_H

#include "store/store.h"

struct au_reading_row {
	const char *source;
	const char *search;
	const char *text; /* the reading as JSON */
};

/* Add one and forget all but the newest `keep` of this search. */
int au_store_reading_add(struct au_store_tx *tx, const char *source, const char *search, const char *text,
    long long keep, struct au_err *err);
/* All that are kept, newest first. */
int au_store_reading_list(struct au_store_tx *tx, struct au_arena *arena, const char *source,
    struct au_reading_row **ret, size_t *ret_count, struct au_err *err);

/* The newest one of each search of each source. */
int au_store_reading_latest(
    struct au_store_tx *tx, struct au_arena *arena, struct au_reading_row **ret, size_t *ret_count, struct au_err *err);

/* An entry, or a member of a group, that a reading of everything did not bring. */
struct au_missing {
	const char *search;
	const char *id;       /* the entry, or the group */
	const char *member;   /* the member's id; "": the entry itself is missing */
	long long first;      /* generation of the reading that missed it first */
	long long generation; /* of the one that missed it last */
	/* Only from au_store_missing_list, as far as the entries are still known. */
	const char *dn, *name;  /* of who is missing */
	const char *group_name; /* of the group */
};

/*
 * The reading `generation` misses it.  `proved` is the last reading that ended well: when that one missed it already,
 * `first` stays, else this one is the first.
 */
int au_store_missing_put(struct au_store_tx *tx, const char *source, const char *search, const char *id,
    const char *member, long long proved, long long generation, struct au_err *err);
/*
 * Those that the reading `generation` missed and that were first missed by one below `first_below`; in the order of
 * entries and groups.
 */
int au_store_missing_due(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *search,
    long long generation, long long first_below, struct au_missing **ret, size_t *ret_count, struct au_err *err);
/* Forget those, and what the reading `generation` did not miss. */
int au_store_missing_forget(struct au_store_tx *tx, const char *source, const char *search, long long generation,
    long long first_below, struct au_err *err);
/* Forget the members of one group. */
int au_store_missing_forget_group(
    struct au_store_tx *tx, const char *source, const char *search, const char *id, struct au_err *err);
/* Members of groups (is_member) or entries that the reading `generation` missed. */
int au_store_missing_count(struct au_store_tx *tx, const char *source, const char *search, long long generation,
    bool is_member, long long *ret, struct au_err *err);
/* At most `limit` of a source, with names; *ret_total (may be NULL) is how many there are. */
int au_store_missing_list(struct au_store_tx *tx, struct au_arena *arena, const char *source, size_t limit,
    struct au_missing **ret, size_t *ret_count, long long *ret_total, struct au_err *err);

/* Memberships of a source's groups: of members that are known, and of those that are not. */
int au_store_member_totals(
    struct au_store_tx *tx, const char *source, long long *ret_known, long long *ret_unknown, struct au_err *err);

#endif
