/* SPDX-License-Identifier: ISC */
/* Sizes are estimates from the text that goes in; they only decide where frames are cut. */
#include "sourced/batch.h"

#include "base/str.h"

#include <event2/event.h>
#include <string.h>

#define SIZE_OF_ENTRY 160
#define SIZE_OF_ID 40
#define SETTLE_MOST (16u << 20) /* held back at most, then sent */

/* Changes of one frame. */
struct frame {
	json_t *changes;
	size_t size;
};

struct au_batch {
	struct au_outbox *outbox;
	enum au_search search;
	bool compare;
	struct frame *frames; /* the last is being filled */
	size_t count, cap, size;
	enum au_change_op open_op; /* op of the last change, when ids or members can be added to it */
	char *cookie;              /* to go with the next flush */
	char *sent;                /* that the daemon was told */
	unsigned long long sends;
	bool settling;
	struct event *settled;
};

static void
on_settled(evutil_socket_t fd, short what, void *arg)
{
	struct au_batch *batch = arg;

	(void)fd;
	(void)what;
	batch->settling = false;
	au_batch_flush(batch);
}

struct au_batch *
au_batch_new(struct event_base *base, struct au_outbox *outbox, enum au_search search, bool compare)
{
	struct au_batch *batch = au_xcalloc(1, sizeof(*batch));

	*batch = (struct au_batch){ .outbox = outbox, .search = search, .compare = compare };
	batch->settled = evtimer_new(base, on_settled, batch);
	return batch;
}

const char *
au_batch_cookie_sent(const struct au_batch *batch)
{
	return batch->sent;
}

const char *
au_batch_cookie_newest(const struct au_batch *batch)
{
	return batch->cookie != NULL ? batch->cookie : batch->sent;
}

void
au_batch_cookie_reset(struct au_batch *batch, const char *cookie)
{
	char *copy = au_xstrdup(cookie); /* it may be our own */

	free(batch->sent);
	batch->sent = copy;
}

void
au_batch_drop(struct au_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		json_decref(batch->frames[i].changes);
	batch->count = batch->size = 0;
	batch->open_op = 0;
	batch->settling = false;
	event_del(batch->settled);
	free(batch->cookie);
	batch->cookie = NULL;
}

void
au_batch_free(struct au_batch *batch)
{
	if (batch == NULL)
		return;
	au_batch_drop(batch);
	event_free(batch->settled);
	free(batch->sent);
	free(batch->frames);
	free(batch);
}

static struct frame *
open_frame(struct au_batch *batch)
{
	if (batch->count > 0 && batch->frames[batch->count - 1].size < AU_SOURCE_FRAME)
		return &batch->frames[batch->count - 1];
	if (batch->count == batch->cap) {
		batch->cap = batch->cap > 0 ? 2 * batch->cap : 4;
		batch->frames = au_xrealloc(batch->frames, batch->cap, sizeof(*batch->frames));
	}
	batch->open_op = 0;
	batch->frames[batch->count] = (struct frame){ .changes = json_array() };
	return &batch->frames[batch->count++];
}

static void
grow(struct au_batch *batch, struct frame *frame, size_t size)
{
	frame->size += size;
	batch->size += size;
}

/* Send all frames as one batch, for a group may go from one into the next.  meta holds what goes with the last. */
static void
send_frames(struct au_batch *batch, const struct au_source_batch *meta)
{
	if (batch->count == 0)
		open_frame(batch);
	for (size_t i = 0; i < batch->count; i++) {
		bool last = i + 1 == batch->count;
		struct au_source_batch out = last ? *meta : (struct au_source_batch){ .more = true };
		out.search = batch->search;
		out.compare = batch->compare;
		out.changes = batch->frames[i].changes;
		au_outbox_send(batch->outbox, &out, batch->frames[i].size);
	}
	batch->sends++;
	if (meta->cookie != NULL)
		au_batch_cookie_reset(batch, meta->cookie);
	au_batch_drop(batch);
}

unsigned long long
au_batch_mark(const struct au_batch *batch)
{
	return batch->count > 0 ? batch->sends + 1 : batch->sends;
}

bool
au_batch_has_sent(const struct au_batch *batch, unsigned long long mark)
{
	return batch->sends >= mark;
}

void
au_batch_flush(struct au_batch *batch)
{
	if ((batch->settling && batch->size < SETTLE_MOST) || (batch->count == 0 && batch->cookie == NULL))
		return;
	send_frames(batch, &(struct au_source_batch){ .cookie = batch->cookie });
}

static void
flush_if_large(struct au_batch *batch)
{
	if (batch->size >= AU_SOURCE_FRAME)
		au_batch_flush(batch);
}

void
au_batch_begin(struct au_batch *batch, enum au_reading reading, bool held)
{
	au_batch_drop(batch);
	send_frames(batch, &(struct au_source_batch){ .step = AU_STEP_BEGIN, .reading = reading, .held = held });
}

static void
add_text(struct au_batch *batch, enum au_change_op op, const char *text)
{
	struct frame *frame = open_frame(batch);
	json_t *change;

	if (batch->open_op != op) {
		json_array_append_new(frame->changes, au_source_list_to_json(op, json_array()));
		batch->open_op = op;
	}
	change = json_array_get(frame->changes, json_array_size(frame->changes) - 1);
	json_array_append_new(json_object_get(change, au_change_list_name(op)), json_string(text));
	grow(batch, frame, strlen(text) + 3);
}

static size_t
length(const char *text)
{
	return text != NULL ? strlen(text) : 0;
}

static size_t
size_of(const struct au_mapped *mapped)
{
	const struct au_entry *entry = &mapped->entry;

	return SIZE_OF_ENTRY + length(entry->dn) + length(mapped->dn_norm) + length(entry->user_name) +
	       length(entry->display_name) + length(entry->mail) + length(entry->given_name) +
	       length(entry->family_name);
}

void
au_batch_put(struct au_batch *batch, const struct au_mapped *mapped)
{
	struct frame *frame = open_frame(batch);

	json_array_append_new(frame->changes, au_source_put_to_json(au_entry_to_json(&mapped->entry), mapped->dn_norm));
	grow(batch, frame, size_of(mapped));
	batch->open_op = 0;
	for (size_t i = 0; i < mapped->member_count; i++)
		add_text(batch, AU_CHANGE_MEMBERS, mapped->members[i]);
	flush_if_large(batch);
}

void
au_batch_present(struct au_batch *batch, const char *id)
{
	add_text(batch, AU_CHANGE_PRESENT, id);
	flush_if_large(batch);
}

void
au_batch_delete(struct au_batch *batch, const char *id)
{
	static const struct timeval settle = { AU_BATCH_SETTLE_MS / 1000, AU_BATCH_SETTLE_MS % 1000 * 1000 };

	add_text(batch, AU_CHANGE_DELETE, id);
	if (!batch->settling) {
		batch->settling = true;
		event_add(batch->settled, &settle);
	}
	flush_if_large(batch);
}

void
au_batch_gone(struct au_batch *batch, const char *id)
{
	add_text(batch, AU_CHANGE_DELETE, id);
}

void
au_batch_cookie(struct au_batch *batch, const char *cookie)
{
	free(batch->cookie);
	batch->cookie = au_xstrdup(cookie);
}

void
au_batch_end(struct au_batch *batch, enum au_reading_step step, const char *cookie)
{
	send_frames(batch, &(struct au_source_batch){ .step = step, .cookie = cookie });
}
