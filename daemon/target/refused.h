/* SPDX-License-Identifier: ISC */
/* What log-in a product refused, over restarts of worker and daemon. */
#ifndef TARGET_REFUSED_H
#define TARGET_REFUSED_H

#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct au_refused;

/* store NULL: it is known as long as this lives.  loaded: once it is known what the store says; never from here. */
struct au_refused *au_refused_new(struct au_store *store, const char *target, void (*loaded)(void *ctx), void *ctx);
void au_refused_free(struct au_refused *refused); /* NULL is fine */
bool au_refused_is_loaded(const struct au_refused *refused);
/* Prints are the digests of opening.h.  NULL: it may be tried. */
const char *au_refused_why(const struct au_refused *refused, const uint8_t *print);
/* Of the same one the first reason is kept. */
void au_refused_note(struct au_refused *refused, const uint8_t *print, const char *why);
void au_refused_forget(struct au_refused *refused);

#endif
