/* SPDX-License-Identifier: ISC */
/* A secret in guarded, locked memory (sodium_malloc), wiped when freed; never in an arena, log or argument list. */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stddef.h>

struct au_secret;

struct au_secret *au_secret_new(const void *data, size_t len); /* copies; a NUL is kept behind the data */
struct au_secret *au_secret_from_text(const char *text);       /* NULL gives NULL */
void au_secret_free(struct au_secret *secret);                 /* NULL is fine */
void au_secret_freep(struct au_secret **secret);
const char *au_secret_text(const struct au_secret *secret); /* NUL-terminated; NULL gives NULL */
size_t au_secret_len(const struct au_secret *secret);
/* Overwrite memory that held a secret by accident of an API (JSON text, curl buffers). */
void au_wipe(void *data, size_t len);

#endif
