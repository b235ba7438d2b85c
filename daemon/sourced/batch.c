/* SPDX-License-Identifier: ISC */
/* Changes are packed as they come; where one frame has enough, the next begins. */
#include "sourced/batch.h"

#include "base/clock.h"
#include "base/str.h"
#include "sourced/excess.h"
#include "sourced/rolls.h"

#include <event2/event.h>
#include <string.h>

#define SETTLE_MOST (16u << 20) /* held back at most, then sent */

struct au_batch {
	struct au_outbox *outbox;
	enum au_search search;
	bool compare;
	struct au_buf *frames; /* records; the last is being filled */
	size_t count, cap, size;
	char *cookie; /* to go with the next flush */
	char *sent;   /* that the daemon was told */
	unsigned long long sends;
	bool settling;
	struct event *settled;
	struct au_source_read read; /* cookie_before is ours; cookie_after and why are not set before it ends */
	int64_t read_mono;          /* when it began */
	struct au_fault broke;      /* kind NONE while nothing has */
	struct au_rolls *rolls;     /* of large groups, as told last; NULL where none are kept */
	struct au_ledger *ledger;   /* of larger ones, whose changes are known otherwise; NULL: of none */
	struct au_excess *excess;   /* groups that have too many members; NULL: there is no limit */
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

/* How it is made is known best by who makes it, and stays so until he says otherwise. */
static void
open_read(struct au_batch *batch, enum au_reading kind)
{
	const char *way = batch->read.way;

	free((char *)(uintptr_t)batch->read.cookie_before);
	batch->read = (struct au_source_read){
		.kind = kind, .way = way, .cookie_before = au_xstrdup(batch->sent), .started_ms = au_clock_wall_ms()
	};
	batch->read_mono = au_clock_mono_ms();
	batch->broke.kind = AU_FAULT_NONE;
}

struct au_batch *
au_batch_new(struct event_base *base, struct au_outbox *outbox, enum au_search search, bool compare)
{
	struct au_batch *batch = au_xcalloc(1, sizeof(*batch));

	*batch = (struct au_batch){ .outbox = outbox, .search = search, .compare = compare };
	batch->settled = evtimer_new(base, on_settled, batch);
	open_read(batch, AU_READING_NONE);
	return batch;
}

void
au_batch_keep_lists(struct au_batch *batch, size_t most)
{
	batch->rolls = au_rolls_new(most);
}

void
au_batch_limit(struct au_batch *batch, long long most, const char *source)
{
	batch->excess = au_excess_new(most, source);
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

static void
empty(struct au_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		au_buf_done(&batch->frames[i]);
	batch->count = batch->size = 0;
	batch->settling = false;
	event_del(batch->settled);
	free(batch->cookie);
	batch->cookie = NULL;
}

/* Lists that went with it were not told after all. */
void
au_batch_drop(struct au_batch *batch)
{
	if (batch->rolls != NULL)
		au_rolls_clear(batch->rolls);
	if (batch->ledger != NULL)
		au_ledger_dropped(batch->ledger);
	empty(batch);
}

void
au_batch_free(struct au_batch *batch)
{
	if (batch == NULL)
		return;
	empty(batch);
	au_rolls_free(batch->rolls);
	au_ledger_free(batch->ledger);
	au_excess_free(batch->excess);
	event_free(batch->settled);
	free((char *)(uintptr_t)batch->read.cookie_before);
	free(batch->sent);
	free(batch->frames);
	free(batch);
}

static struct au_buf *
open_frame(struct au_batch *batch)
{
	if (batch->count > 0 && batch->frames[batch->count - 1].len < AU_SOURCE_FRAME)
		return &batch->frames[batch->count - 1];
	if (batch->count == batch->cap) {
		batch->cap = batch->cap > 0 ? 2 * batch->cap : 4;
		batch->frames = au_xrealloc(batch->frames, batch->cap, sizeof(*batch->frames));
	}
	batch->frames[batch->count] = (struct au_buf){ 0 };
	return &batch->frames[batch->count++];
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
		au_outbox_send(batch->outbox, &out, &batch->frames[i]);
	}
	batch->sends++;
	if (batch->ledger != NULL)
		au_ledger_sent(batch->ledger);
	if (meta->cookie != NULL)
		au_batch_cookie_reset(batch, meta->cookie);
	empty(batch);
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

/* The object of what ends here, in words.  Caller owns it. */
static json_t *
close_read(struct au_batch *batch, enum au_reading_step step, const char *cookie)
{
	struct au_source_read read = batch->read;

	read.took_ms = au_clock_mono_ms() - batch->read_mono;
	read.cookie_after = cookie;
	read.verdict = AU_READ_COMPLETE;
	if (step == AU_STEP_VOID) {
		read.verdict = batch->broke.kind == AU_FAULT_PARTIAL ? AU_READ_PARTIAL : AU_READ_FAILED;
		read.code = batch->broke.code;
		read.why = batch->broke.kind != AU_FAULT_NONE ? batch->broke.text : "it was broken off";
	}
	return au_source_read_to_json(&read);
}

struct au_source_read *
au_batch_read(struct au_batch *batch)
{
	return &batch->read;
}

void
au_batch_broke(struct au_batch *batch, const struct au_fault *fault)
{
	if (batch->broke.kind == AU_FAULT_NONE)
		batch->broke = *fault;
}

/* What was pushed since the last reading ends here, if anything was; it need not have been all. */
static json_t *
close_pushed(struct au_batch *batch)
{
	if (batch->read.kind != AU_READING_NONE || batch->read.entries == 0)
		return NULL;
	if (batch->broke.kind == AU_FAULT_NONE)
		au_fault_set(&batch->broke, AU_FAULT_PARTIAL, "changes as they were pushed");
	return close_read(batch, AU_STEP_VOID, batch->sent);
}

void
au_batch_begin(struct au_batch *batch, enum au_reading reading, bool held)
{
	AU_CLEANUP(au_json_decrefp) json_t *read = close_pushed(batch);

	au_batch_drop(batch);
	send_frames(
	    batch, &(struct au_source_batch){ .step = AU_STEP_BEGIN, .reading = reading, .held = held, .read = read });
	open_read(batch, reading);
}

static void
add_text(struct au_batch *batch, enum au_change_op op, const char *text)
{
	struct au_buf *frame = open_frame(batch);
	size_t before = frame->len;

	au_record_text(frame, op, text);
	batch->size += frame->len - before;
}

static void
add_entry(struct au_batch *batch, const struct au_mapped *mapped)
{
	struct au_buf *frame = open_frame(batch);
	size_t before = frame->len;

	au_record_put(frame, &mapped->entry, mapped->dn_norm);
	batch->size += frame->len - before;
}

static void
add_members(struct au_batch *batch, enum au_change_op op, const char *const *members, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add_text(batch, op, members[i]);
}

/*
 * 1: only the difference is told.  Within a reading the daemon gets lists, which prove what it has.  Else the group's
 * members are decoded.
 */
static int
take_roll(struct au_batch *batch, struct au_arena *arena, struct au_mapped *group, bool wants_whole,
    struct au_rolls_change *change, struct au_err *err)
{
	int rc = batch->rolls != NULL && !group->is_some ? au_rolls_take(batch->rolls, arena, group, change, err) : 0;

	if (rc == 1 && !wants_whole && batch->read.kind == AU_READING_NONE)
		return 1;
	return rc < 0 ? rc : au_roll_decode(&group->roll, arena, err);
}

/* Who else is in a group that is_some cannot be known from changes. */
static void
note_told(struct au_batch *batch, const struct au_mapped *group, size_t members)
{
	if (batch->ledger != NULL)
		au_ledger_told(batch->ledger, group->entry.id, group->stamp, members,
		    group->is_some ? NULL : group->roll.attribute);
}

static void
forget_told(struct au_batch *batch, const char *id)
{
	if (batch->rolls != NULL)
		au_rolls_forget(batch->rolls, id);
	if (batch->ledger != NULL)
		au_ledger_forget(batch->ledger, id);
}

/* What the daemon holds of the group then is not what was told here. */
static void
begin_some(struct au_batch *batch, const char *id)
{
	forget_told(batch, id);
	add_text(batch, AU_CHANGE_SOME, id);
}

static int
put(struct au_batch *batch, struct au_arena *arena, struct au_mapped *mapped, bool wants_whole, struct au_err *err)
{
	struct au_rolls_change change = { 0 };
	size_t members = mapped->roll.count + mapped->roll.raw.count;
	batch->read.beyond += batch->excess != NULL && au_excess_takes(batch->excess, mapped);
	int rc = take_roll(batch, arena, mapped, wants_whole, &change, err);

	if (rc < 0)
		return au_err_prefix(err, rc, "group '%s'", mapped->entry.dn);
	add_entry(batch, mapped);
	batch->read.entries++;
	batch->read.values += (long long)members;
	note_told(batch, mapped, members);
	if (mapped->is_some)
		begin_some(batch, mapped->entry.id);
	if (rc == 1) {
		add_text(batch, AU_CHANGE_REST, mapped->entry.id);
		add_members(batch, AU_CHANGE_JOIN, change.joined, change.joined_count);
		add_members(batch, AU_CHANGE_LEAVE, change.left, change.left_count);
	} else
		add_members(batch, AU_CHANGE_MEMBER, mapped->roll.members, mapped->roll.count);
	flush_if_large(batch);
	return 0;
}

int
au_batch_put_deferred(struct au_batch *batch, struct au_arena *arena, struct au_mapped *mapped, struct au_err *err)
{
	return put(batch, arena, mapped, false, err);
}

/* Of one that is decoded nothing can be wrong any more. */
static void
put_decoded(struct au_batch *batch, const struct au_mapped *mapped, bool wants_whole)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_mapped copy = *mapped;

	put(batch, arena, &copy, wants_whole, NULL);
}

void
au_batch_put(struct au_batch *batch, const struct au_mapped *mapped)
{
	put_decoded(batch, mapped, false);
}

void
au_batch_put_whole(struct au_batch *batch, const struct au_mapped *mapped)
{
	put_decoded(batch, mapped, true);
}

void
au_batch_put_change(struct au_batch *batch, const struct au_mapped *mapped, const struct au_ledger_change *change)
{
	if (batch->rolls != NULL)
		au_rolls_forget(batch->rolls, mapped->entry.id);
	add_entry(batch, mapped);
	batch->read.entries++;
	batch->read.values += (long long)(change->joined_count + change->left_count);
	add_text(batch, AU_CHANGE_REST, mapped->entry.id);
	add_members(batch, AU_CHANGE_JOIN, change->joined, change->joined_count);
	add_members(batch, AU_CHANGE_LEAVE, change->left, change->left_count);
	flush_if_large(batch);
}

struct au_ledger *
au_batch_ledger(const struct au_batch *batch)
{
	return batch->ledger;
}

void
au_batch_keep_ledger(struct au_batch *batch, size_t least)
{
	if (batch->ledger == NULL)
		batch->ledger = au_ledger_new(least);
}

void
au_batch_told_elsewhere(struct au_batch *batch, const struct au_mapped *mapped)
{
	if (batch->rolls != NULL)
		au_rolls_forget(batch->rolls, mapped->entry.id);
	note_told(batch, mapped, mapped->roll.count);
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

	forget_told(batch, id);
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
	if (batch->ledger != NULL)
		au_ledger_forget(batch->ledger, id);
	add_text(batch, AU_CHANGE_DELETE, id);
}

void
au_batch_cookie(struct au_batch *batch, const char *cookie)
{
	free(batch->cookie);
	batch->cookie = au_xstrdup(cookie);
}

void
au_batch_ask(struct au_batch *batch, long long ask, long long most)
{
	send_frames(batch, &(struct au_source_batch){ .ask = ask, .ask_most = most });
}

void
au_batch_end(struct au_batch *batch, enum au_reading_step step, const char *cookie)
{
	AU_CLEANUP(au_json_decrefp) json_t *read = close_read(batch, step, cookie);

	send_frames(batch, &(struct au_source_batch){ .step = step, .cookie = cookie, .read = read });
	open_read(batch, AU_READING_NONE);
}
