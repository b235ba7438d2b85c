/* SPDX-License-Identifier: ISC */
/* A pinned public key: the SHA-256 of a certificate's SubjectPublicKeyInfo (RFC 7469 section 2.4). */
#ifndef MODEL_PIN_H
#define MODEL_PIN_H

#include "base/err.h"

#define AU_PIN_SIZE 32
#define AU_PIN_TEXT 53 /* "sha256//", 44 characters of base64 and a NUL */

/* From "sha256//BASE64", as curl writes it.  AU_EINVAL. */
int au_pin_parse(const char *text, unsigned char ret[AU_PIN_SIZE], struct au_err *err);
/* And back; returns text. */
char *au_pin_print(const unsigned char pin[AU_PIN_SIZE], char text[AU_PIN_TEXT]);

#endif
