/* SPDX-License-Identifier: ISC */
/*
 * What a source's process needs to begin: where it was, as the store knows, the secrets as they are now, and that
 * these were not refused by the directory before.
 */
#ifndef SOURCE_LAUNCH_H
#define SOURCE_LAUNCH_H

#include "settings/settings.h"
#include "source/reading.h"
#include "source/refusal.h"
#include "store/store.h"
#include "wire/child.h"

struct event_base;
struct au_launch;

struct au_launch_events {
	void (*loaded)(void *ctx, const struct au_source_now *now); /* as the store has it; valid until it returns */
	void (*failed)(void *ctx, const char *why); /* the store could not say */
};

/* The values and the key, of what was refused, are copied. */
struct au_launch *au_launch_new(struct event_base *base, struct au_store *store, const struct au_block *block,
    const unsigned char key[AU_REFUSAL_KEY], const struct au_launch_events *events, void *ctx);
void au_launch_free(struct au_launch *launch); /* NULL is fine */
/* Ask the store, after all rounds that were begun. */
void au_launch_load(struct au_launch *launch);
/* The same, after `retry_cap` or when a refusal is over: something that a person has to mend was in the way. */
void au_launch_load_later(struct au_launch *launch);
void au_launch_forget(struct au_launch *launch); /* what was asked is of no interest any more */
/* In the store: the next process reads everything from the beginning. */
void au_launch_forget_cookies(struct au_launch *launch);

/*
 * Inside `loaded`: send a process its first message, and what an earlier one was asked and may not have done.
 * now: as last committed.  Errors as au_secrets_read has them.
 */
int au_launch_send(
    struct au_launch *launch, struct au_child *child, const struct au_source_now *now, struct au_err *err);

/* ---- what was refused ---- */

/* The directory refused what the last message held.  Remembered on disk. */
void au_launch_refused(struct au_launch *launch, const char *why);
/* Why no process may begin, as the secrets are now; NULL: it may.  Lasts until anything else is asked. */
const char *au_launch_held(struct au_launch *launch);
/* A person says that it may be tried again. */
void au_launch_forgive(struct au_launch *launch);

#endif
