/* SPDX-License-Identifier: ISC */
/* A batch as the daemon works on it: its frames, until the last one has come and it can be applied as one. */
#ifndef SOURCE_UNIT_H
#define SOURCE_UNIT_H

#include "wire/source_msg.h"

struct au_unit {
	json_t **frames;
	size_t count, cap;
	struct au_source_batch last; /* of the last frame: search, step, cookie, seq */
	struct au_unit *next;
};

struct au_unit *au_unit_new(void);
void au_unit_free(struct au_unit *unit); /* NULL is fine */
/* Take a frame (keeps a reference).  *ret_whole: it was the last one.  AU_EPROTO: it does not belong to those before.
 */
int au_unit_add(struct au_unit *unit, json_t *frame, bool *ret_whole, struct au_err *err);

/* Walk the changes of all frames. */
struct au_unit_cursor {
	size_t frame, change;
};
/* 1 and the change, 0 at the end, AU_EPROTO. */
int au_unit_next(
    const struct au_unit *unit, struct au_unit_cursor *cursor, struct au_source_change *ret, struct au_err *err);
/* Look at the next change without taking it: whether it goes on with the members of a group. */
bool au_unit_has_members(const struct au_unit *unit, const struct au_unit_cursor *cursor);

#endif
