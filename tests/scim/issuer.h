/* SPDX-License-Identifier: ISC */
/* An authorization server in small: keys that are made on the spot, and tokens that they sign. */
#ifndef TESTS_SCIM_ISSUER_H
#define TESTS_SCIM_ISSUER_H

#include "base/mem.h"

#include <jansson.h>

/* A new private key for a signature algorithm, with a kid unless that is NULL.  Owned by the arena. */
json_t *issuer_key(struct au_arena *arena, const char *algorithm, const char *kid);
/* The public parts of keys as the text of a JWK set; the list ends with NULL. */
const char *issuer_set(struct au_arena *arena, json_t *const *keys);
/* A signed token; header and claims are JSON with single quotes, and "alg" and "kid" are the key's unless header names
 * them.  The signature is made by the key's algorithm whatever the header says. */
const char *issuer_token(struct au_arena *arena, json_t *key, const char *header, const char *claims);

#endif
