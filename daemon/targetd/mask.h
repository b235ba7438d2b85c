/* SPDX-License-Identifier: ISC */
/* The secrets that this process knows, taken out of any text that leaves it for people to read. */
#ifndef TARGETD_MASK_H
#define TARGETD_MASK_H

#include <stdbool.h>

struct au_mask;

struct au_mask *au_mask_new(void);
void au_mask_free(struct au_mask *mask); /* wipes; NULL is fine */
/* Remember a secret.  Kept: until the mask goes; otherwise until au_mask_forget. */
void au_mask_add(struct au_mask *mask, const char *secret, bool keep);
void au_mask_forget(struct au_mask *mask);
/* Overwrite every known secret in text by asterisks, in place. */
void au_mask_apply(const struct au_mask *mask, char *text);
/* Whether text holds a known secret. */
bool au_mask_hits(const struct au_mask *mask, const char *text);

#endif
