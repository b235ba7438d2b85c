/* SPDX-License-Identifier: ISC */
/*
 * Everything that goes on with one directory: three connections to one server
 * (people, groups, and a third for probes, look-ups and comparing readings), as
 * slapd defers searches for ever on a connection that carries too many.
 */
#ifndef SOURCED_SESSION_H
#define SOURCED_SESSION_H

#include "sourced/login.h"
#include "sourced/outbox.h"
#include "sourced/server.h"
#include "sourced/tls_trust.h"

struct event_base;
struct au_session;

struct au_session_config {
	struct event_base *base;
	const char *dns;                     /* as au_resolve_host takes it; outlives it */
	const struct au_source_start *start; /* outlives the session */
	const struct au_login *login;
	struct au_tls_trust *trust;    /* outlives it; read anew before each try */
	struct au_server_list servers; /* becomes the session's */
	struct au_channel *channel;
	void (*server)(void *ctx, const struct au_source_server *server); /* what it is, once it is reached */
	void (*link)(void *ctx, const struct au_source_link *link);       /* the state changed */
	void *ctx;
};

/* AU_EINVAL: a base that is no DN. */
int au_session_new(const struct au_session_config *config, struct au_session **ret, struct au_err *err);
void au_session_free(struct au_session *session);
void au_session_begin(struct au_session *session);
/* Forget the cookies and read everything anew, now. */
void au_session_resync(struct au_session *session);
void au_session_compare(struct au_session *session, enum au_search search);
void au_session_reread(struct au_session *session, const struct au_source_reread *reread);
void au_session_owner(struct au_session *session, const char *dn_norm);
void au_session_lookup(struct au_session *session, const struct au_source_lookup *lookup);
void au_session_acked(struct au_session *session, long long seq);

#endif
