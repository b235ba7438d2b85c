/* SPDX-License-Identifier: ISC */
/*
 * A round: all batches that wait, or as many as one transaction may hold, applied in order.  While it
 * runs the next ones gather.  A round owns what it works on, so it may outlive
 * the source that began it.
 */
#ifndef SOURCE_ROUND_H
#define SOURCE_ROUND_H

#include "source/apply.h"

struct au_round {
	char *source, *actor;
	struct au_source_now before, after;
	struct au_source_link link; /* text is the round's own */
	struct au_trust trust;      /* the round's own */
	long long approved[AU_SEARCHES];
	bool used_approval[AU_SEARCHES];
	bool is_lost[AU_SEARCHES]; /* a canary of that search */
	struct au_unit *units; /* oldest first */
	size_t applied;        /* so many of them were */
	struct au_map *answers; /* to questions about the oldest */
	bool put_answers;       /* they are in the store now */
	struct au_arena *arena;
	const char **questions; /* to be answered before the first that was not applied */
	size_t question_count;
	struct au_seen *seen[AU_SEARCHES]; /* come with the round and go on to the next one when it went well */
	struct au_surprises *surprises;    /* likewise; NULL: none */
	struct au_map *rereads, *rereads_later; /* id -> DN of groups to be read again: soon, or after a while */
	json_t *unseen;         /* array of answers to the source's process */
	bool changed;           /* facts, or how far they can be relied on */
	void *owner; /* NULL once it is gone */
};

/* Names, link's text and trust are copied; units and answers (may be NULL) are taken over.  actor: of audit rows. */
struct au_round *au_round_new(const char *source, const char *actor, const struct au_source_now *now,
    const struct au_source_link *link, const struct au_trust *trust, struct au_unit *units, struct au_map *answers);
void au_round_free(struct au_round *round);
/* The work of the store's transaction (an au_store_work); arg is the round. */
int au_round_work(struct au_store_tx *tx, void *arg, struct au_err *err);
/* An answer to a look-up of dn; the message is kept.  A newer one takes its place. */
void au_answers_put(struct au_map *answers, const char *dn, enum au_lookup_verdict verdict, json_t *message);
void au_answers_free(struct au_map *answers);

/* What the store knows from earlier: the state, and the cookies in the arena. */
int au_round_load(struct au_store_tx *tx, struct au_arena *arena, const char *source, struct au_source_now *ret,
    const char *ret_cookies[AU_SEARCHES], struct au_err *err);

/* Write down that a person wants the source left alone, or no longer and whatever refused us: the next daemon knows,
 * too. */
int au_round_put_paused(
    struct au_store_tx *tx, struct au_arena *arena, const char *source, bool is_paused, struct au_err *err);

/* Whether removals are held, whatever the state is called just now: a source that is paused or refused may hold some.
 */
int au_round_holds(struct au_store_tx *tx, struct au_arena *arena, const char *source, bool *ret, struct au_err *err);

#endif
