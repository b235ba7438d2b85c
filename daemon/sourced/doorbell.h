/* SPDX-License-Identifier: ISC */
/*
 * Active Directory's change notification (1.2.840.113556.1.4.528): a search that never ends and brings objects as they
 * change.  Not all of them, and not in any order that one could go on from; so it is a doorbell, which says that it is
 * time to ask, and nothing else.  Who is not rung for asks by the clock.
 */
#ifndef SOURCED_DOORBELL_H
#define SOURCED_DOORBELL_H

#include "sourced/line.h"
#include "sourced/root.h"

struct au_doorbell;

struct au_doorbell_events {
	void (*rung)(void *ctx);
	/* It will not ring any more on this line: it is refused, or the server has ended it. */
	void (*broke)(void *ctx, const struct au_fault *fault);
};

struct au_doorbell *au_doorbell_new(const struct au_doorbell_events *events, void *ctx);
void au_doorbell_free(struct au_doorbell *bell); /* NULL is fine */
bool au_doorbell_is_offered(const struct au_root *root);
/* Hang it up, once per line: it rings for changes below a partition's root. */
void au_doorbell_hang(struct au_doorbell *bell, struct au_line *line, const char *partition);
void au_doorbell_take_down(struct au_doorbell *bell); /* the line is going away */

#endif
