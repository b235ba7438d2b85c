/* SPDX-License-Identifier: ISC */
/*
 * What a source reported, written to the store: entries, memberships, cookie and
 * verdict of a batch in one transaction.  Runs on a thread of the store, on
 * values of its own.
 */
#ifndef SOURCE_APPLY_H
#define SOURCE_APPLY_H

#include "base/map.h"
#include "source/reading.h"
#include "source/trust.h"
#include "source/unit.h"

/* What a look-up said of a member's DN. */
struct au_answer_to {
	enum au_lookup_verdict verdict;
	json_t *message; /* the whole answer; FOUND: with the entry */
};

#define AU_NOT_APPROVED (-1LL)

/*
 * About so many rows are looked at in one transaction, or a part of them written, before whoever else wants to write
 * has his turn.  Entries count, and what is about a group's members.
 */
#define AU_APPLY_BUDGET 40000
#define AU_APPLY_WRITE 8 /* what a row counts that is written */

struct au_seen;      /* seen.h */
struct au_surprises; /* surprise.h */

struct au_apply {
	struct au_store_tx *tx;
	struct au_arena *arena;
	const char *source;
	const char *actor;            /* of audit rows */
	struct au_source_now *now;    /* moved on */
	const struct au_trust *trust;
	const long long *approved;    /* by search: its next whole reading may remove so many, a person said; or none */
	const struct au_map *answers; /* normal DN -> struct au_answer_to */
	bool used_approval[AU_SEARCHES];
	struct au_reading_now *reading; /* that the batch being applied belongs to; NULL: none */
	struct au_seen **seen;          /* by search: what is held, while it is known; kept from round to round */
	struct au_surprises *surprises; /* kept from round to round, too */
	long long budget;               /* what is left of it */
	bool put_answers;               /* those to the questions: they are in the store now */
	struct au_map *rereads; /* filled: id -> DN of groups whose members must be read again */
	struct au_map *rereads_later; /* the same, after `confirm_after` */
	json_t *unseen;         /* array, filled: what is to be sent in answer to questions of batches */
	bool changed;           /* facts moved */
	const char **questions; /* DNs to look up before this batch can be applied */
	size_t question_count, question_cap;
};

/*
 * Apply one batch, or go on with it.  1: done, with its cookie; 0: `questions` must be answered first, or without any,
 * it is to be called again in another transaction; negative: AU_EPROTO, or what the store said.
 */
int au_apply_unit(struct au_apply *apply, struct au_unit *unit, struct au_err *err);

/* The reading that a batch belongs to, or belonged to if it is over. */
struct au_reading_now *au_apply_reading(struct au_apply *apply, const struct au_unit *unit);

#endif
