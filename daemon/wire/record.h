/* SPDX-License-Identifier: ISC */
/*
 * Changes as they travel: records one behind another in the body of a batch's message (base/pack.h).
 *
 *   put      byte 1, text dn_norm, entry (au_entry_pack)
 *   member   byte 2, text
 *   present  byte 3, text
 *   delete   byte 4, text
 *   rest     byte 5, text
 *   join     byte 6, text
 *   leave    byte 7, text
 *   some     byte 8, text
 *
 * A directory of a million people is as many records, and an answer about one group may be as many members: as JSON
 * each would be made, written, parsed and freed a dozen times over for what is copied once here.
 */
#ifndef WIRE_RECORD_H
#define WIRE_RECORD_H

#include "model/entry.h"

enum au_change_op {
	AU_CHANGE_PUT = 1, /* an entry as it is now; a group's members follow */
	AU_CHANGE_MEMBER,  /* one more member of the group put before, which has no others in the end */
	AU_CHANGE_PRESENT, /* an id that is still there */
	AU_CHANGE_DELETE,  /* an id that is gone */
	AU_CHANGE_REST, /* the group put before, by its id, has the members that were told last, but for what follows */
	AU_CHANGE_JOIN, /* a member more */
	AU_CHANGE_LEAVE, /* a member less */
	AU_CHANGE_SOME,  /* the group put before, by its id, may have members beside those that follow */
};

struct au_source_change {
	enum au_change_op op;
	struct au_entry entry; /* PUT: without a key */
	const char *dn_norm;   /* PUT */
	const char *text;      /* a member as the mapping names it, a normal DN as a rule; or an id */
};

void au_record_put(struct au_buf *out, const struct au_entry *entry, const char *dn_norm);
/* All but PUT. */
void au_record_text(struct au_buf *out, enum au_change_op op, const char *text);

/* 1 and the next change, whose text points into the bytes; 0 at the end; AU_EPROTO. */
int au_record_next(struct au_unpack *from, struct au_source_change *ret, struct au_err *err);
/* Whether the next change is such a one; it is not taken. */
bool au_record_is(const struct au_unpack *from, enum au_change_op op);

#endif
