/* SPDX-License-Identifier: ISC */
/* What is sent to others so that they can tell that it is ours: HMAC-SHA256 as "Standard Webhooks" has it, v1. */
#ifndef BASE_SIGNATURE_H
#define BASE_SIGNATURE_H

#include "base/err.h"
#include "base/secret.h"

#define AU_SIGNATURE_SIZE 48 /* "v1," and base64 of 32 bytes, with its NUL */

/*
 * A key as people keep it, "whsec_" and base64 of 24 to 64 bytes, to these bytes.  AU_EINVAL: another form; its text
 * does not quote the key.
 */
int au_signature_key(const struct au_secret *text, struct au_secret **ret, struct au_err *err);
/* Over "ID.SECONDS.BODY". */
void au_signature_make(
    const struct au_secret *key, const char *id, long long seconds, const char *body, char ret[AU_SIGNATURE_SIZE]);

#endif
