/* SPDX-License-Identifier: ISC */
/*
 * Entries that time alone disables: the source said when, and says nothing when the time comes.  What is due is done at
 * the end of each round, and a round is begun for it when there is none.
 */
#ifndef SOURCE_EXPIRY_H
#define SOURCE_EXPIRY_H

#include "source/apply.h"

struct event_base;
struct au_expiry;

/* An entry as it counts now: one whose time has come is disabled; the date of one that is disabled otherwise goes. */
void au_expiry_settle(struct au_entry *entry);
/* Disable those whose time has come, and write down in apply->now when the next one's comes. */
int au_expiry_run(struct au_apply *apply, struct au_err *err);

/* due is called when a round is to run. */
struct au_expiry *au_expiry_new(struct event_base *base, void (*due)(void *ctx), void *ctx);
void au_expiry_free(struct au_expiry *expiry); /* NULL is fine */
/* A round was committed, or the state was loaded; now lives as long as the expiry. */
void au_expiry_moved(struct au_expiry *expiry, const struct au_source_now *now);

#endif
