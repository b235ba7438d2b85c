/* SPDX-License-Identifier: ISC */
/* When a server that tells its changes only when it is asked is asked next: by the clock, or when the doorbell rings.
 */
#ifndef SOURCED_RHYTHM_H
#define SOURCED_RHYTHM_H

#include "sourced/follow.h"

struct au_rhythm;

struct au_rhythm *au_rhythm_new(
    struct event_base *base, const struct au_mapping *mapping, void (*due)(void *ctx), void *ctx);
void au_rhythm_free(struct au_rhythm *rhythm); /* NULL is fine */
/* There is a line.  It may ring for the first time after au_rhythm_rest. */
void au_rhythm_open(struct au_rhythm *rhythm, const struct au_follow_start *start);
void au_rhythm_close(struct au_rhythm *rhythm); /* it is going away */

void au_rhythm_begun(struct au_rhythm *rhythm); /* a round begins: nothing is due until it is over */
/* It is over, and `due` comes when the next is due.  at_once: now. */
void au_rhythm_rest(struct au_rhythm *rhythm, bool at_once);

#endif
