/* SPDX-License-Identifier: ISC */
/*
 * What the daemon has been told of the members of large groups, and what the server's log of changes says has happened
 * since: is it provably all?
 *
 * Each group stands at a stamp, the entryCSN that it had when its members were last told.  The log's records of it wait
 * here until the group itself is seen with the stamp of one of them: then all up to that one are what happened in
 * between, if they are covered from the old stamp on and none of them is opaque.  Whatever else is seen means that the
 * group must be read as a whole.  A record that was never seen on the group itself tells nothing.
 */
#ifndef SOURCED_LEDGER_H
#define SOURCED_LEDGER_H

#include "sourced/log_record.h"

/* Records and steps of one group that wait to be seen; with more it is cheaper to read the group. */
#define AU_LEDGER_MOST 10000

struct au_ledger;

/* least: groups with fewer members are not kept here. */
struct au_ledger *au_ledger_new(size_t least);
void au_ledger_free(struct au_ledger *ledger); /* NULL is fine */
/* Whether there are large groups at all, and whether this is one. */
bool au_ledger_has_any(const struct au_ledger *ledger);
bool au_ledger_has(const struct au_ledger *ledger, const char *id);

/*
 * All members of a group are told as they were at the stamp (NULL: not known).  attribute: the only member attribute
 * that it has, each of whose values stands for one member; NULL when it is not like that.
 */
void au_ledger_told(struct au_ledger *ledger, const char *id, const char *stamp, size_t members, const char *attribute);
/* It is gone, or may be another one. */
void au_ledger_forget(struct au_ledger *ledger, const char *id);
/* What was told is on its way now; or what was told since then is not, after all. */
void au_ledger_sent(struct au_ledger *ledger);
void au_ledger_dropped(struct au_ledger *ledger);

/* The log is followed from a place with a gap before it: it tells only of groups that are told anew. */
void au_ledger_gap(struct au_ledger *ledger);
/* The record is copied. */
void au_ledger_record(struct au_ledger *ledger, const struct au_log_record *record);

enum au_ledger_word {
	AU_LEDGER_READ = 1, /* only a reading tells */
	AU_LEDGER_WAIT,     /* the log may tell in a moment */
	AU_LEDGER_TELL,     /* the group has changed by what was returned, which may be nothing */
};
struct au_ledger_change {
	const char **joined, **left; /* in the arena */
	size_t joined_count, left_count;
};
/*
 * The group was seen with this stamp.  With AU_LEDGER_TELL it stands there now, and the change has to be told.
 */
enum au_ledger_word au_ledger_see(
    struct au_ledger *ledger, const char *id, const char *stamp, struct au_arena *arena, struct au_ledger_change *ret);

#endif
