/* SPDX-License-Identifier: ISC */
/*
 * What people should know of the groups and people of each source, though nothing waits for them: groups in rings,
 * groups that lie deeper than we look, members that no entry is known for; and of dates that cannot be read.  Looked
 * for a moment after facts changed and by schedule; told in the log when it comes, goes or is another number, and shown
 * for as long as it lasts.
 */
#ifndef RECONCILE_ODDITIES_H
#define RECONCILE_ODDITIES_H

#include "base/json.h"
#include "reconcile/policy.h"
#include "store/store.h"

struct event_base;
struct au_oddities;

/* store outlives it; policy is held. */
struct au_oddities *au_oddities_new(struct event_base *base, struct au_store *store, struct au_policy *policy);
/* The store is closed: nothing is on its way any more.  NULL is fine. */
void au_oddities_free(struct au_oddities *oddities);
void au_oddities_policy(struct au_oddities *oddities, struct au_policy *policy); /* another one from now on */
void au_oddities_soon(struct au_oddities *oddities);                             /* facts may have changed */
void au_oddities_stop(struct au_oddities *oddities);                             /* begin no look any more */

/*
 * {"unknown": members that no entry is known for, "outside": those of them that lie beyond both bases, "rings": [text],
 *  "deepest": groups on the longest way outwards, "cut": true when reconcile.nested_depth is less, "odd_dates": dates
 * that cannot be read, "odd_date" and "odd_date_of": one of them, when there is any}; NULL before the first look, or
 * when the source is not configured.  Caller owns it.
 */
json_t *au_oddities_json(const struct au_oddities *oddities, const char *source);

#endif
