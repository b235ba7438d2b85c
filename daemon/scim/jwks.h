/* SPDX-License-Identifier: ISC */
/* The public keys of an issuer (JWK set, RFC 7517 section 5), cut down to those that can check a signature. */
#ifndef SCIM_JWKS_H
#define SCIM_JWKS_H

#include "base/err.h"

#include <jansson.h>
#include <stddef.h>

#define AU_JWKS_KEYS 100 /* most keys in one set */

struct au_jwks;

/* What a signature algorithm wants of its key (RFC 7518 section 3.1). */
struct au_jwt_algorithm {
	const char *name; /* NULL ends the table */
	const char *kty;  /* "RSA", "EC" */
	const char *crv;  /* NULL: any */
};
extern const struct au_jwt_algorithm au_jwt_algorithm_rows[];
const struct au_jwt_algorithm *au_jwt_algorithm_find(const char *name); /* NULL when it is not supported */

/*
 * Keys that are for encryption, symmetric, of an unknown kind or too small are passed over (RFC 7517 section 5).
 * AU_EINVAL: no JSON object with a list "keys"; a private key; no key that can be used.
 */
int au_jwks_parse(const char *text, size_t len, struct au_jwks **ret, struct au_err *err);
void au_jwks_free(struct au_jwks *keys); /* NULL is fine */
size_t au_jwks_count(const struct au_jwks *keys);
/*
 * Walk over the keys that fit: start with *cursor = 0; NULL at the end.  Without a kid only a set in which exactly
 * one key fits has any, so that nobody makes us try all of them.
 */
const json_t *au_jwks_next(
    const struct au_jwks *keys, const struct au_jwt_algorithm *algorithm, const char *kid_or_null, size_t *cursor);

#endif
