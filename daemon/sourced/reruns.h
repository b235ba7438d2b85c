/* SPDX-License-Identifier: ISC */
/*
 * Groups whose members are found by searches (recipe.h), and when these are run again.  No search says by itself that
 * it found everything: whoever it did not bring this time has left only when another run says the same.  A comparing
 * reading leaves that to the daemon; here it is said of what is told beside one.
 */
#ifndef SOURCED_RERUNS_H
#define SOURCED_RERUNS_H

#include "sourced/mapping.h"

struct event_base;
struct au_reruns;

struct au_reruns_events {
	void (*wish)(void *ctx, const char *id, const char *dn); /* read this group again, soon */
	void (*lacking)(void *ctx);                              /* au_reruns_lacking has changed */
};

struct au_reruns *au_reruns_new(
    struct event_base *base, int64_t interval_ms, const char *source, const struct au_reruns_events *events, void *ctx);
void au_reruns_free(struct au_reruns *reruns); /* NULL is fine */
/* A group was told without those whom its searches find; they are run soon. */
void au_reruns_ask(struct au_reruns *reruns, const struct au_mapped *group);
/*
 * A group's searches were run, and found so many; is_silent: nobody tells when they would find others.  Whether this
 * run and the one before leave out the same people; if not, there is another one soon.
 */
bool au_reruns_agree(struct au_reruns *reruns, const struct au_mapped *group, size_t found, bool is_silent);
/* Groups of which members are unknown, as their searches could not be run. */
size_t au_reruns_lacking(const struct au_reruns *reruns);

#endif
