/* SPDX-License-Identifier: ISC */
/*
 * The bearer token that a SCIM service wants: one that was configured, or one
 * that is fetched by client credentials (RFC 6749 section 4.4) and kept until
 * shortly before it runs out.
 */
#ifndef SOURCED_BEARER_H
#define SOURCED_BEARER_H

#include "sourced/web.h"

struct au_bearer;

struct au_bearer_config {
	struct au_web *web;
	const struct au_source_config *settings;
	const struct au_secret *token;         /* configured; or NULL, and */
	const struct au_secret *client_secret; /* NULL too: our certificate proves who we are (RFC 8705 section 2) */
};

/* All of the config outlives the bearer.  AU_EINVAL: no request could have the configured token in it. */
int au_bearer_new(const struct au_bearer_config *config, struct au_bearer **ret, struct au_err *err);
void au_bearer_free(struct au_bearer *bearer); /* NULL is fine; the web was cancelled before */

/* NULL: it must be fetched first.  Valid until the next fetch, and until it is refused. */
const struct au_secret *au_bearer_token(struct au_bearer *bearer);
/*
 * Fetch one; done is called once, never at once, unless the web is cancelled before: with NULL, or the answer that
 * tells what is wrong, a status of 0 and why included.  Calls while it is under way count as one.
 */
void au_bearer_fetch(struct au_bearer *bearer, au_web_done *done, void *ctx);
/* The service does not take a token with this number.  True when another may be had: then it is to be fetched. */
bool au_bearer_refused(struct au_bearer *bearer, unsigned number);
/* Of the token there is. */
unsigned au_bearer_number(const struct au_bearer *bearer);
/* The web was cancelled. */
void au_bearer_lost(struct au_bearer *bearer);

#endif
