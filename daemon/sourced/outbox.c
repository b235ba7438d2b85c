/* SPDX-License-Identifier: ISC */
/* The window counts bytes, not batches: an import sends many small entries, a big group few large frames. */
#include "sourced/outbox.h"

#include <string.h>

struct waiting {
	long long seq;
	size_t size;
};

struct au_outbox {
	struct au_channel *channel;
	size_t window;
	void (*pressure)(void *ctx, bool is_full);
	void *ctx;
	long long seq; /* of the batch being sent or to be sent next */
	size_t unacknowledged;
	struct waiting *queue; /* oldest first */
	size_t head, count, cap;
	bool was_full; /* and said so */
};

struct au_outbox *
au_outbox_new(struct au_channel *channel, size_t window, void (*pressure)(void *ctx, bool is_full), void *ctx)
{
	struct au_outbox *outbox = au_xcalloc(1, sizeof(*outbox));

	*outbox =
	    (struct au_outbox){ .channel = channel, .window = window, .pressure = pressure, .ctx = ctx, .seq = 1 };
	return outbox;
}

void
au_outbox_free(struct au_outbox *outbox)
{
	if (outbox == NULL)
		return;
	free(outbox->queue);
	free(outbox);
}

static void
remember(struct au_outbox *outbox, size_t size)
{
	if (outbox->head > 0 && outbox->head + outbox->count == outbox->cap) {
		memmove(outbox->queue, outbox->queue + outbox->head, outbox->count * sizeof(*outbox->queue));
		outbox->head = 0;
	}
	if (outbox->head + outbox->count == outbox->cap) {
		outbox->cap = outbox->cap > 0 ? 2 * outbox->cap : 64;
		outbox->queue = au_xrealloc(outbox->queue, outbox->cap, sizeof(*outbox->queue));
	}
	outbox->queue[outbox->head + outbox->count++] = (struct waiting){ outbox->seq, size };
	outbox->unacknowledged += size;
}

void
au_outbox_send(struct au_outbox *outbox, struct au_source_batch *batch, struct au_buf *records)
{
	batch->seq = outbox->seq;
	remember(outbox, records->len);
	if (!batch->more)
		outbox->seq++;
	au_channel_send_body(outbox->channel, au_source_batch_to_json(batch), records);
	if (!outbox->was_full && au_outbox_is_full(outbox)) {
		outbox->was_full = true;
		outbox->pressure(outbox->ctx, true);
	}
}

void
au_outbox_acked(struct au_outbox *outbox, long long seq)
{
	while (outbox->count > 0 && outbox->queue[outbox->head].seq <= seq) {
		outbox->unacknowledged -= outbox->queue[outbox->head].size;
		outbox->head++;
		outbox->count--;
	}
	if (outbox->was_full && !au_outbox_is_full(outbox)) {
		outbox->was_full = false;
		outbox->pressure(outbox->ctx, false);
	}
}

bool
au_outbox_is_full(const struct au_outbox *outbox)
{
	return outbox->unacknowledged >= outbox->window;
}
