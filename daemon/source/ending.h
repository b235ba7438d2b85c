/* SPDX-License-Identifier: ISC */
/*
 * The end of a reading.  Only a complete one can remove (verdict.h).  What the
 * directory names as removed goes at once; an entry or member that is missing
 * without a word goes when a second reading confirms it.  When the sum is not
 * plausible nothing goes before a person has said so.
 */
#ifndef SOURCE_ENDING_H
#define SOURCE_ENDING_H

#include "source/apply.h"

/* For the last batch of a reading, after its changes: steps KEEP, SWEEP and VOID.  AU_EPROTO, or what the store said.
 */
int au_ending_apply(struct au_apply *apply, const struct au_unit *unit, struct au_err *err);
/* Keep what a batch tells of a reading as it is. */
int au_ending_record(struct au_apply *apply, const struct au_unit *unit, struct au_err *err);

#endif
