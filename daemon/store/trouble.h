/* SPDX-License-Identifier: ISC */
/*
 * Accounts whose steps keep failing.  A row counts the failures since the last
 * success; when there are too many the account is quarantined, which the same row says.
 */
#ifndef STORE_TROUBLE_H
#define STORE_TROUBLE_H

#include "store/store.h"

struct au_trouble {
	const char *account_id;
	long long failures; /* since the last success; those that may have been the target's are not among them */
	long long first_ms, last_ms;
	long long since_ms;  /* quarantined since; 0 = not */
	const char *reason;  /* of the last failure, in words */
	const char *premise; /* digest of what the quarantine rests on; NULL = not known yet */
};

int au_store_trouble_put(struct au_store_tx *tx, const struct au_trouble *trouble, struct au_err *err); /* whole row */
int au_store_trouble_get(struct au_store_tx *tx, struct au_arena *arena, const char *account_id, struct au_trouble *ret,
    struct au_err *err); /* AU_ENOENT */
/* No row is fine. */
int au_store_trouble_remove(struct au_store_tx *tx, const char *account_id, struct au_err *err);

/* One that is quarantined, for people. */
struct au_quarantined {
	const char *apiuser_id, *user_name, *key, *target, *login;
	long long failures, since_ms;
	const char *reason;
};
/* In the order in which they came; not more than limit. */
int au_store_quarantined_list(struct au_store_tx *tx, struct au_arena *arena, size_t limit, struct au_quarantined **ret,
    size_t *ret_count, struct au_err *err);
/* Of a target. */
int au_store_quarantined_count(struct au_store_tx *tx, const char *target, long long *ret, struct au_err *err);

#endif
