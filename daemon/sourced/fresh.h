/* SPDX-License-Identifier: ISC */
/*
 * Answers to the daemon that what it asked for was read: none overtakes the batch
 * that brings it, which may have to settle first.
 */
#ifndef SOURCED_FRESH_H
#define SOURCED_FRESH_H

#include "sourced/batch.h"
#include "wire/channel.h"
#include "wire/source_msg.h"

struct event_base;
struct au_fresh;

struct au_fresh *au_fresh_new(struct event_base *base, struct au_channel *channel);
void au_fresh_free(struct au_fresh *fresh); /* NULL is fine */
/* What was read is in the batch, which outlives this. */
void au_fresh_answer(struct au_fresh *fresh, struct au_batch *batch, const struct au_source_fresh *answer);
/* What was not sent yet may be dropped: whoever waits for it hears that nobody can say. */
void au_fresh_lost(struct au_fresh *fresh);

#endif
