/* SPDX-License-Identifier: ISC */
/*
 * Batches on their way into the store, strictly in order: one round at a time,
 * and before a batch that names unknown members, their look-ups.
 */
#ifndef SOURCE_INBOX_H
#define SOURCE_INBOX_H

#include "source/round.h"

struct au_inbox;

struct au_inbox_events {
	void (*acked)(void *ctx, long long seq); /* on disk up to here */
	void (*changed)(void *ctx);              /* facts were committed */
	void (*ask)(void *ctx, const struct au_source_lookup *lookup);
	void (*reread)(void *ctx, const struct au_source_reread *reread);
	void (*unseen)(void *ctx, json_t *message); /* to be sent; borrowed */
	void (*moved)(void *ctx); /* a round was committed */
	void (*failed)(void *ctx, const char *why);
};

/* actor: who audit rows say it was; trust is copied. */
struct au_inbox *au_inbox_new(struct au_store *store, const char *source, const char *actor,
    const struct au_trust *trust, const struct au_inbox_events *events, void *ctx);
void au_inbox_free(struct au_inbox *inbox); /* a round under way ends by itself, unheard */

/* Nothing is written before: where we are, as the store has it. */
void au_inbox_begin(struct au_inbox *inbox, const struct au_source_now *now);
/* Where we are, as last committed. */
const struct au_source_now *au_inbox_now(const struct au_inbox *inbox);

/* A new process speaks: what the one before it said and was not yet begun is forgotten. */
void au_inbox_restart(struct au_inbox *inbox);
/* AU_EPROTO. */
int au_inbox_batch(struct au_inbox *inbox, json_t *head, const char *records, size_t len, struct au_err *err);
int au_inbox_resolved(struct au_inbox *inbox, json_t *message, struct au_err *err);
/* The state of the link changed; written with the next round, or with one of its own.  Text is copied. */
void au_inbox_link(struct au_inbox *inbox, const struct au_source_link *link);
/* Batches that have come, and those of them that are on disk or were forgotten. */
unsigned long long au_inbox_received(const struct au_inbox *inbox);
unsigned long long au_inbox_applied(const struct au_inbox *inbox);
/* As the state of the link was told last. */
const struct au_source_link *au_inbox_linked(const struct au_inbox *inbox);
/* Begin a round, also with nothing to do: time has passed. */
void au_inbox_wake(struct au_inbox *inbox);
/* A canary of this search is not seen any more: its removals are held from here on. */
void au_inbox_doubt(struct au_inbox *inbox, enum au_search search);
/* A person takes it for the truth when the next whole reading of a search in doubt would remove as many as this one. */
void au_inbox_approve(struct au_inbox *inbox);
/* A person wants the source left alone, or no longer; the state follows. */
void au_inbox_pause(struct au_inbox *inbox, bool is_paused);

#endif
