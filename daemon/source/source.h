/* SPDX-License-Identifier: ISC */
/*
 * One watched directory: supervises apiuserd-source, writes what it reports to
 * the store, and tells when something changed.  It knows nothing of reconciling.
 */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include "settings/settings.h"
#include "source/freshen.h"
#include "source/refusal.h"
#include "store/fact.h"
#include "wire/source_msg.h"

struct event_base;
struct au_source;

struct au_source_events {
	void (*changed)(void *ctx, const char *source); /* facts were committed; dirty keys wait */
};

/* key: for what is remembered of refused log-ins; copied. */
struct au_source *au_source_new(struct event_base *base, struct au_store *store, const char *helper,
    const struct au_block *block, const unsigned char key[AU_REFUSAL_KEY], const struct au_source_events *events,
    void *ctx);
void au_source_start(struct au_source *source);
/* Throw the cookies away and read everything again (nothing is forgotten meanwhile, and what is in doubt stays so). */
void au_source_resync(struct au_source *source);
/* Leave the directory alone: no connection, no reading; what is known stays as it is. */
void au_source_pause(struct au_source *source);
/*
 * What a person says after looking: a paused source goes on; one that the directory refused is tried at once; where
 * removals are held, so many as are held now may go when everything, read anew, still says so.
 */
void au_source_resume(struct au_source *source);
/* Read one person anew (source/freshen.h). */
void au_source_freshen(
    struct au_source *source, const struct au_freshen_order *order, au_freshen_done *done, void *ctx);
pid_t au_source_pid(const struct au_source *source);
const char *au_source_name(const struct au_source *source);
/* With which server it is or was last.  False: none was reached yet.  Text is the source's and may go at any time. */
bool au_source_server(const struct au_source *source, struct au_source_server *ret);
void au_source_free(struct au_source *source);

#endif
