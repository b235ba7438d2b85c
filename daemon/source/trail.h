/* SPDX-License-Identifier: ISC */
/* Audit rows of what a source changed, in the transaction of the change. */
#ifndef SOURCE_TRAIL_H
#define SOURCE_TRAIL_H

#include "source/apply.h"

/* Some of many names, as many as are useful to read, and how many there are.  Begin with zeros. */
struct au_trail_names {
	json_t *some; /* NULL while there is none */
	long long count;
};
void au_trail_name(struct au_trail_names *names, const char *name);
void au_trail_names_done(struct au_trail_names *names); /* it can be used again */

int au_trail_entry(struct au_apply *apply, const char *verb, const struct au_entry *entry, struct au_err *err);
/* Who came and who left. */
int au_trail_members(struct au_apply *apply, const char *group_id, const struct au_trail_names *added,
    const struct au_trail_names *removed, struct au_err *err);
/* Groups name a user name that several people have, so nobody is in them by it. */
int au_trail_rivals(struct au_apply *apply, const char *user_name, struct au_err *err);
/* A line about a whole search: first import, drift, doubt. */
int au_trail_search(struct au_apply *apply, const char *verb, enum au_search search, const char *what, long long count,
    struct au_err *err);

/* A comparing reading found differences that nobody was told of; ids of entries that it missed. */
int au_trail_drift(struct au_apply *apply, enum au_search search, long long count, const struct au_trail_names *missing,
    struct au_err *err);

#endif
