/* SPDX-License-Identifier: ISC */
/*
 * The end of a reading.  Only a complete one can remove (verdict.h).  What the
 * directory names as removed goes at once; an entry or member that is missing
 * without a word goes when a second reading confirms it.  When the sum is not
 * plausible nothing goes before a person has said so.
 *
 * When many go, they go in several transactions.  Whoever is not reached before a
 * crash is still there, and as cookie and verdict are stored behind all of them,
 * the next reading tells the same again.
 */
#ifndef SOURCE_ENDING_H
#define SOURCE_ENDING_H

#include "source/apply.h"

struct au_ending;

/*
 * For the last batch of a reading, after its changes: steps KEEP, SWEEP and VOID.  1: done; 0: to be called again in
 * another transaction, where much goes; negative: AU_EPROTO, or what the store said.  What it decides it decides once,
 * and keeps in unit->progress.ending.
 */
int au_ending_apply(struct au_apply *apply, struct au_unit *unit, struct au_err *err);
void au_ending_free(struct au_ending *ending); /* NULL is fine */
/* Keep what a batch tells of a reading as it is. */
int au_ending_record(struct au_apply *apply, const struct au_unit *unit, struct au_err *err);

#endif
