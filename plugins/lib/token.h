/* SPDX-License-Identifier: ISC */
/* A session token and when to renew it. */
#ifndef LIB_TOKEN_H
#define LIB_TOKEN_H

#include "base/secret.h"

#include <stdbool.h>
#include <stdint.h>

struct au_token {
	struct au_secret *text; /* NULL when there is none */
	int64_t renew_mono;     /* from then on it should be renewed */
	int64_t end_mono;       /* from then on it is worth nothing */
};

/*
 * Take a token over.  Its life is exp - iat when it is a JSON Web Token that says so, otherwise default_life_ms,
 * counted on the monotonic clock from now: the product's clock does not matter.  Renewal is due after three quarters of
 * it. The signature is the product's business and is not looked at.
 */
void au_token_set(struct au_token *token, const char *text, int64_t default_life_ms, int64_t now_mono);
void au_token_clear(struct au_token *token);
bool au_token_valid(const struct au_token *token, int64_t now_mono);
bool au_token_due(const struct au_token *token, int64_t now_mono); /* valid, and it is time to renew it */

#endif
