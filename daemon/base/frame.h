/* SPDX-License-Identifier: ISC */
/*
 * Frames between our own processes: four bytes of length, most significant
 * first, then that many bytes: one JSON object and, behind it, perhaps a body
 * (wire/message.h).  This file only cuts and builds; wire/channel moves them.
 */
#ifndef BASE_FRAME_H
#define BASE_FRAME_H

#include "base/err.h"
#include "base/str.h"

#include <sys/types.h>

#define AU_FRAME_HEAD 4
#define AU_FRAME_MAX (64u << 20) /* default cap */

/* The length that the four bytes of head announce.  AU_ELIMIT beyond max, AU_EPROTO when it is zero. */
int au_frame_length(const char *head, size_t max, size_t *ret, struct au_err *err);
/*
 * Look for a whole frame at the start of data.  Returns 1 and its payload (pointing into data) with the bytes used,
 * 0 when more bytes are needed, AU_ELIMIT beyond max, AU_EPROTO on a zero length.
 */
int au_frame_cut(const char *data, size_t len, size_t max, const char **ret_payload, size_t *ret_payload_len,
    size_t *ret_used, struct au_err *err);
/* The four bytes before a payload of len bytes, which fits in 32 bits. */
void au_frame_head(size_t len, unsigned char ret[AU_FRAME_HEAD]);
/* Append a frame to out; AU_ELIMIT when payload is beyond max. */
int au_frame_build(struct au_str *out, const char *payload, size_t len, size_t max, struct au_err *err);

#endif
