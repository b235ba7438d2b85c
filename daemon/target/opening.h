/* SPDX-License-Identifier: ISC */
/* What a worker must be told before its first call: plugin, options, and secrets read at that moment. */
#ifndef TARGET_OPENING_H
#define TARGET_OPENING_H

#include "settings/settings.h"
#include "wire/call.h"

#include <stdint.h>

#define AU_OPENING_PRINT 32

struct au_opening;

/* Copies what it needs of the block.  key: of the digests, AU_TARGET_KEY bytes; NULL: one of its own. */
int au_opening_new(const char *plugin_dir, const struct au_target_block *block, const unsigned char *key,
    struct au_opening **ret, struct au_err *err);
void au_opening_free(struct au_opening *opening); /* NULL is fine */

/*
 * The OPEN call as a frame, secrets read anew from their places and by value in it; wipe it after use.
 * print (AU_OPENING_PRINT bytes) becomes a keyed digest of plugin, options and secrets: equal digests mean that all of
 * these are equal, and it tells nothing else.  Errors of au_io_secret, naming the option.
 */
int au_opening_frame(const struct au_opening *opening, unsigned id, json_t **ret, uint8_t *print, struct au_err *err);
/* Only the digest. */
int au_opening_print(const struct au_opening *opening, uint8_t *print, struct au_err *err);

#endif
