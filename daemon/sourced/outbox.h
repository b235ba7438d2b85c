/* SPDX-License-Identifier: ISC */
/*
 * Batches on their way to the daemon: numbered, and counted until they are
 * acknowledged, so that a daemon that is behind stops us instead of growing.
 */
#ifndef SOURCED_OUTBOX_H
#define SOURCED_OUTBOX_H

#include "wire/channel.h"
#include "wire/source_msg.h"

struct au_outbox;

/* window: so many bytes may wait unacknowledged.  pressure: it is full, or has space again. */
struct au_outbox *au_outbox_new(
    struct au_channel *channel, size_t window, void (*pressure)(void *ctx, bool is_full), void *ctx);
void au_outbox_free(struct au_outbox *outbox);
/* Number the frame and send it with its records, which are taken over.  A frame with `more` shares the next one's
 * number.
 */
void au_outbox_send(struct au_outbox *outbox, struct au_source_batch *batch, struct au_buf *records);
void au_outbox_acked(struct au_outbox *outbox, long long seq);
bool au_outbox_is_full(const struct au_outbox *outbox);

#endif
