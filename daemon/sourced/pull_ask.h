/* SPDX-License-Identifier: ISC */
/* What the daemon asks of a SCIM service about one id: who is this member, and what does this group say now? */
#ifndef SOURCED_PULL_ASK_H
#define SOURCED_PULL_ASK_H

#include "sourced/batch.h"
#include "sourced/fresh.h"
#include "sourced/remote.h"
#include "wire/channel.h"

struct au_pull_ask;

struct au_pull_ask_config {
	const struct au_source_config *settings;
	const struct au_pulled_map *map;
	struct au_remote *remote;
	struct au_channel *channel;
	struct au_batch *batches[AU_SEARCHES]; /* of changes, that an entry read again goes into */
	struct au_fresh *fresh;
};

/* All of the config outlives the asking. */
struct au_pull_ask *au_pull_ask_new(const struct au_pull_ask_config *config);
void au_pull_ask_free(struct au_pull_ask *ask); /* the remote was cancelled before */

/* A question is kept until it is answered: by "unknown" when the service would not say. */
void au_pull_ask_member(struct au_pull_ask *ask, const struct au_source_lookup *lookup);
/* Where a single group does not tell its members, the next reading of everything has to do. */
void au_pull_ask_reread(struct au_pull_ask *ask, const struct au_source_reread *reread);
/* The remote was cancelled: what was under way has to be asked again. */
void au_pull_ask_lost(struct au_pull_ask *ask);
void au_pull_ask_again(struct au_pull_ask *ask);

#endif
