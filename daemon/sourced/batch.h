/* SPDX-License-Identifier: ISC */
/*
 * Changes of one stream (a search as it is pushed, or a comparing reading of
 * it) gathered into frames.  Removals that the directory pushes are held back
 * for a moment: a server whose base goes away reports its entries as removed
 * right before it ends the search with an error, and what was not sent by then
 * is dropped and asked for again.
 */
#ifndef SOURCED_BATCH_H
#define SOURCED_BATCH_H

#include "sourced/fault.h"
#include "sourced/ledger.h"
#include "sourced/mapping.h"
#include "sourced/outbox.h"
#include "wire/record.h"
#include "wire/source_read.h"

struct event_base;
struct au_batch;

#define AU_BATCH_SETTLE_MS 500

struct au_batch *au_batch_new(struct event_base *base, struct au_outbox *outbox, enum au_search search, bool compare);
void au_batch_free(struct au_batch *batch);
/* Take no more members of a group (excess.h).  source is borrowed. */
void au_batch_limit(struct au_batch *batch, long long most, const char *source);
/* Of groups between readings: keep member lists, in so much memory, so that changes can be told by what changed. */
void au_batch_keep_lists(struct au_batch *batch, size_t most);

void au_batch_begin(struct au_batch *batch, enum au_reading reading, bool held);
/*
 * The reading under way, or what is pushed between two: entries and values are counted here, how it is made and what
 * else happens is written by who makes it.
 */
struct au_source_read *au_batch_read(struct au_batch *batch);
/* Why the reading under way will end with AU_STEP_VOID; the first word stands. */
void au_batch_broke(struct au_batch *batch, const struct au_fault *fault);
/* Of a large group that changes between readings only who joined or left is told, when lists are kept. */
void au_batch_put(struct au_batch *batch, const struct au_mapped *mapped);
/*
 * The same for a group whose members may be as they came (au_mapping_deferred); they may be decoded on the way, into
 * the arena.  AU_EPROTO: a value names nobody; nothing was put.
 */
int au_batch_put_deferred(struct au_batch *batch, struct au_arena *arena, struct au_mapped *mapped, struct au_err *err);
/* The daemon wants to hear this group's members as a whole. */
void au_batch_put_whole(struct au_batch *batch, const struct au_mapped *mapped);
/* A large group, and only who joined or left since it was told. */
void au_batch_put_change(struct au_batch *batch, const struct au_mapped *mapped, const struct au_ledger_change *change);
/* What was told here of large groups' members, for who knows their changes; NULL where nobody has to. */
struct au_ledger *au_batch_ledger(const struct au_batch *batch);
void au_batch_keep_ledger(struct au_batch *batch, size_t least);
/* The daemon heard of this entry in another way: what it holds may differ from what was told here. */
void au_batch_told_elsewhere(struct au_batch *batch, const struct au_mapped *mapped);
void au_batch_present(struct au_batch *batch, const char *id);
/* A removal that the directory pushes, outside a reading; it is to settle first. */
void au_batch_delete(struct au_batch *batch, const char *id);
/* A removal of the reading that ends with the next au_batch_end. */
void au_batch_gone(struct au_batch *batch, const char *id);
/* What was gathered so far brings us to this cookie. */
void au_batch_cookie(struct au_batch *batch, const char *cookie);
/* The cookie that the daemon has been told last, which is where to go on; NULL when there is none. */
const char *au_batch_cookie_sent(const struct au_batch *batch);
/* Begin with this one, or with none (NULL). */
void au_batch_cookie_reset(struct au_batch *batch, const char *cookie);
/* The newest cookie heard of, sent or not. */
const char *au_batch_cookie_newest(const struct au_batch *batch);
/*
 * Which send will take along all that is gathered now, and whether it was: others that report the same entries wait for
 * it, so that the daemon hears of a change first from who pushed it.
 */
unsigned long long au_batch_mark(const struct au_batch *batch);
bool au_batch_has_sent(const struct au_batch *batch, unsigned long long mark);
/* Send what is gathered, unless removals have yet to settle. */
void au_batch_flush(struct au_batch *batch);
/*
 * Send what is gathered, and ask the daemon whom of its own it was not told of by then: it answers with this number
 * (struct au_source_unseen), and with so many ids at most.
 */
void au_batch_ask(struct au_batch *batch, long long ask, long long most);
/* End a reading: everything from the last flush and the cookie (may be NULL) count as one.  It was whole unless step is
 * AU_STEP_VOID. */
void au_batch_end(struct au_batch *batch, enum au_reading_step step, const char *cookie);
/* Forget what was not sent. */
void au_batch_drop(struct au_batch *batch);

#endif
