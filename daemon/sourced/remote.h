/* SPDX-License-Identifier: ISC */
/*
 * The remote SCIM service as whoever reads it sees it: paths below its base URL
 * that can be asked for.  Behind it are a token, and the servers of which one
 * is in use until it fails.
 */
#ifndef SOURCED_REMOTE_H
#define SOURCED_REMOTE_H

#include "sourced/server.h"
#include "sourced/web.h"

struct au_remote;

struct au_remote_config {
	struct event_base *base;
	const struct au_source_config *settings;
	const struct au_secret *token, *client_secret, *client_key; /* each may be NULL */
};

/* All of the config outlives the remote.  AU_EIO: libcurl cannot be used; AU_EINVAL: the token cannot be one. */
int au_remote_new(const struct au_remote_config *config, struct au_remote **ret, struct au_err *err);
void au_remote_free(struct au_remote *remote); /* what is under way is never answered; NULL is fine */

/*
 * Ask the server in use for a path; done as au_web_done is, never at once.  A token that must be fetched first, or that
 * is refused and was fetched, is fetched; once for a request, so nobody is asked for ever.  A service that wants to be
 * left alone for a while is, and asked again; when the while is long, done is told.  etag may be NULL.
 */
void au_remote_get(struct au_remote *remote, const char *path, const char *etag, au_web_done *done, void *ctx);
/* Ask one of the servers, by its place in the list. */
void au_remote_get_at(struct au_remote *remote, size_t server, const char *path, au_web_done *done, void *ctx);
/* Forget all that is under way. */
void au_remote_cancel(struct au_remote *remote);

/* Which server is in use, and the others: for au_retry_after to turn it. */
struct au_server_list *au_remote_servers(struct au_remote *remote);

#endif
