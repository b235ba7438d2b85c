/* SPDX-License-Identifier: ISC */
/* Randomness and what is made of it; all from libsodium.  Call au_rand_init first in main(). */
#ifndef BASE_RAND_H
#define BASE_RAND_H

#include <stddef.h>
#include <stdint.h>

#define AU_UUID_SIZE 37

void au_rand_init(void); /* aborts when libsodium cannot start */
void au_rand_bytes(void *buf, size_t len);
uint32_t au_rand_below(uint32_t limit); /* uniform, rejection sampling */
/* Any 32-bit number, for delays that shall not coincide.  Tests fix it, so that they know when something is due. */
uint32_t au_rand_delay(void);
void au_rand_delay_fake(uint32_t value);
void au_rand_delay_real(void);
/* Random (version 4) UUID, lower case.  Returns buf. */
char *au_uuid_new(char buf[AU_UUID_SIZE]);
/* UUID that begins with the time (version 7, RFC 9562), lower case, the rest random: ids that are made one after the
 * other lie together in an index.  Returns buf. */
char *au_uuid_at(int64_t wall_ms, char buf[AU_UUID_SIZE]);
/* Whether text has the form of a UUID, either case. */
int au_uuid_is(const char *text);
/* base64url without padding; caller frees. */
char *au_base64url(const void *data, size_t len);
/* Lower-case hex; buf holds 2 * len + 1. */
char *au_hex(const void *data, size_t len, char *buf);

#endif
