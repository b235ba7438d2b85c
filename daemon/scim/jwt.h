/* SPDX-License-Identifier: ISC */
/*
 * JSON Web Tokens as access tokens (RFC 7519, RFC 8725, RFC 9068), in three steps: parse, verify the signature, check
 * the claims.  Nothing of a token is believed before the second, and error texts hold nothing of it but names.
 */
#ifndef SCIM_JWT_H
#define SCIM_JWT_H

#include "base/mem.h"
#include "base/opt.h"
#include "scim/jwks.h"

#include <stdbool.h>

struct au_jwt {
	json_t *header, *claims; /* objects in the arena */
	json_t *signed_parts;    /* as the library wants them */
	const struct au_jwt_algorithm *algorithm;
	const char *kid;    /* NULL when it names none */
	const char *issuer; /* claimed */
};

/* Whether text looks like one: three parts with dots between them. */
bool au_jwt_is(const char *text);
/*
 * Compact form only (RFC 7515 section 7.1).  AU_EINVAL: not base64url to the letter, not JSON objects with members of
 * different names, an algorithm that is not in the table ("none" and HMAC are not), a "crit" header, another typ than
 * "JWT" and "at+jwt", no iss.  Keys that the header brings along (jwk, jku, x5c, x5u) are not looked at.
 */
int au_jwt_parse(struct au_arena *arena, const char *text, struct au_jwt *ret, struct au_err *err);
/* AU_ENOENT: none of these keys is meant; AU_EAUTH: the signature is not of one of them. */
int au_jwt_verify(const struct au_jwt *jwt, const struct au_jwks *keys, struct au_err *err);
/*
 * Check algorithm, iss, aud, exp, nbf and iat by the rows of an issuer (settings/rows.h).  exp must be there.
 * *ret_expires_ms is when the token ends, clock skew included.  AU_EAUTH.
 */
int au_jwt_check(const struct au_jwt *jwt, const struct au_values *issuer, long long now_ms, long long *ret_expires_ms,
    struct au_err *err);
/* What the issuer's client_claim holds; AU_EAUTH when that is no text or empty. */
int au_jwt_client(const struct au_jwt *jwt, const struct au_values *issuer, const char **ret, struct au_err *err);
/*
 * The token's scope as words of scope.h, in the arena; NULL = everything.  Words of others in the claim count for
 * nothing: with none of ours it is a scope that allows nothing.  AU_EAUTH: the claim is missing and required, or is
 * neither text nor a list of texts.
 */
int au_jwt_scope(struct au_arena *arena, const struct au_jwt *jwt, const struct au_values *issuer,
    const char **ret_or_null, struct au_err *err);
/* The certificate that the token is bound to (RFC 8705 section 3.1), NULL = none.  AU_EAUTH: bound to something else.
 */
int au_jwt_certificate(const struct au_jwt *jwt, const char **ret_sha256_or_null, struct au_err *err);

#endif
