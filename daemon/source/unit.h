/* SPDX-License-Identifier: ISC */
/* A batch as the daemon works on it: its frames, until the last one has come and it can be applied as one. */
#ifndef SOURCE_UNIT_H
#define SOURCE_UNIT_H

#include "wire/record.h"
#include "wire/source_msg.h"

struct au_muster; /* muster.h */
struct au_ending; /* ending.h */

/* Walk the changes of all frames. */
struct au_unit_cursor {
	size_t frame; /* to be opened next */
	struct au_unpack rest;
};

/*
 * How far its changes are applied, where that takes more than one transaction.  It moves on within a transaction: what
 * the store refuses takes its units along.
 */
struct au_unit_progress {
	bool is_asked, is_begun;
	struct au_unit_cursor at;
	struct au_muster *muster; /* of the group that comes next, NULL when it is a change */
	size_t named;             /* removals so far */
	struct au_ending *ending; /* of the reading, once its changes are through */
};

struct au_unit {
	struct au_buf *frames; /* their records */
	size_t count, cap;
	json_t *head;                /* of the last frame */
	struct au_source_batch last; /* the same: search, step, cookie, seq; text points into head */
	struct au_unit_progress progress;
	struct au_unit *next;
};

struct au_unit *au_unit_new(void);
void au_unit_free(struct au_unit *unit); /* NULL is fine */
/* Take a frame: keeps a reference to its head and a copy of its records.  *ret_whole: it was the last one.
 * AU_EPROTO: it does not belong to those before. */
int au_unit_add(
    struct au_unit *unit, json_t *head, const char *records, size_t len, bool *ret_whole, struct au_err *err);

/* 1 and the change, whose text lies in the unit; 0 at the end; AU_EPROTO. */
int au_unit_next(
    const struct au_unit *unit, struct au_unit_cursor *cursor, struct au_source_change *ret, struct au_err *err);
/* Whether the next change is such a one; it is not taken. */
bool au_unit_is_next(const struct au_unit *unit, struct au_unit_cursor *cursor, enum au_change_op op);

#endif
