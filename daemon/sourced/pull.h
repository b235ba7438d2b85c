/* SPDX-License-Identifier: ISC */
/*
 * A SCIM 2.0 service that is polled: what it is capable of, then users, then
 * groups, again and again.  It stands where a session with a directory stands.
 */
#ifndef SOURCED_PULL_H
#define SOURCED_PULL_H

#include "base/secret.h"
#include "wire/channel.h"
#include "wire/source_start.h"

struct event_base;
struct au_pull;

struct au_pull_config {
	struct event_base *base;
	const struct au_source_start *start;        /* outlives the pull */
	const struct au_secret *token, *client_secret, *client_key; /* these too; each may be NULL */
	struct au_channel *channel;
	void (*server)(void *ctx, const struct au_source_server *server); /* which one is in use */
	void (*link)(void *ctx, const struct au_source_link *link); /* the state changed */
	void *ctx;
};

/* AU_EIO, AU_EINVAL: as au_remote_new. */
int au_pull_new(const struct au_pull_config *config, struct au_pull **ret, struct au_err *err);
void au_pull_free(struct au_pull *pull); /* NULL is fine */
void au_pull_begin(struct au_pull *pull);
/* Read everything anew, now. */
void au_pull_resync(struct au_pull *pull);
/* Read everything of one kind, at the next turn. */
void au_pull_compare(struct au_pull *pull, enum au_search search);
void au_pull_reread(struct au_pull *pull, const struct au_source_reread *reread);
void au_pull_lookup(struct au_pull *pull, const struct au_source_lookup *lookup);
void au_pull_unseen(struct au_pull *pull, const struct au_source_unseen *unseen);
void au_pull_acked(struct au_pull *pull, long long seq);

#endif
