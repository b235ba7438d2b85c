/* SPDX-License-Identifier: ISC */
/*
 * Differences that a comparing reading found and nobody has told of yet.  A server may tell of a change later than it
 * shows it; so a difference counts as drift only when it is still untold at the end of a later comparing reading, and
 * `confirm_after` is over.
 */
#ifndef SOURCE_SURPRISE_H
#define SOURCE_SURPRISE_H

#include "source/apply.h"

struct au_surprises *au_surprises_new(void);
void au_surprises_free(struct au_surprises *surprises); /* NULL is fine */

/* The comparing reading under way found an entry, or a group, other than it was. */
void au_surprise_note(struct au_apply *apply, enum au_search which, const char *id);
/* The stream of changes told of it. */
void au_surprise_told(struct au_apply *apply, enum au_search which, const char *id);
/* How many the end of a comparing reading confirms; these are over then. */
long long au_surprise_confirm(struct au_apply *apply, enum au_search which);
/* Whatever there is was to be expected. */
void au_surprise_forget(struct au_apply *apply, enum au_search which);

#endif
