/* SPDX-License-Identifier: ISC */
/*
 * Which entries a reading saw.
 *
 * As a rule the store keeps a mark with each entry.  A reading of everything would touch all of them to find that
 * nothing changed; so for its time what the store holds of the search is known in memory, as hashes: an entry that is
 * stated again as it was costs no statement at all.  Where there is room for it, it stays known for the next reading.
 * Whoever changes entries of the source goes through here, so that both stay the same; what a round wrote and the store
 * then refused is forgotten as a whole (au_seen_free).
 */
#ifndef SOURCE_SEEN_H
#define SOURCE_SEEN_H

#include "source/apply.h"

void au_seen_free(struct au_seen *seen); /* NULL is fine */

/* Where the table comes from, and whom it says to be seen at its beginning. */
enum au_seen_from {
	AU_SEEN_FROM_STORE,  /* nobody */
	AU_SEEN_FROM_MARKS,  /* the store, in the middle of a reading: who has its mark */
	AU_SEEN_FROM_MEMORY, /* nobody; the table of the last reading, when there is one, else from the store */
};
/* Begin to know what is held of a search; it may still have to be loaded. */
void au_seen_begin(struct au_apply *apply, enum au_search which, enum au_seen_from from);
bool au_seen_is_begun(const struct au_apply *apply, enum au_search which);
/* The reading is over; a table that is not too large (trust->held_memory) rests until the next one. */
void au_seen_end(struct au_apply *apply, enum au_search which);
/* 1: all is known that was begun; 0: a part was loaded, call again in another transaction. */
int au_seen_load(struct au_apply *apply, enum au_search which, struct au_err *err);

enum au_seen_change {
	AU_SEEN_SAME = 0,
	AU_SEEN_CHANGED,
	AU_SEEN_MOVED, /* changed, and under another DN than before */
	AU_SEEN_NEW,
};
/* Put an entry.  is_seen: by the latest reading of the search, too. */
int au_seen_put(struct au_apply *apply, enum au_search which, const struct au_entry *entry, const char *dn_norm,
    bool is_seen, enum au_seen_change *ret, struct au_err *err);
/* Mark one as seen, or as not seen.  AU_ENOENT: there is no such entry. */
int au_seen_mark(struct au_apply *apply, enum au_search which, const char *id, bool is_seen, struct au_err *err);
/* Ids of those not seen, in the order in which they came, in the arena. */
int au_seen_rest(
    struct au_apply *apply, enum au_search which, const char ***ret_ids, size_t *ret_count, struct au_err *err);
/* An entry was removed. */
void au_seen_forget(struct au_apply *apply, const char *id);

#endif
