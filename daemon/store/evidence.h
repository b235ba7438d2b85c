/* SPDX-License-Identifier: ISC */
/*
 * How we know what we know of an account in a product that nobody can ask: by whose word, and since when.  And what was
 * deleted there lately, as lists that people bring show it for a while still.
 */
#ifndef STORE_EVIDENCE_H
#define STORE_EVIDENCE_H

#include "store/store.h"

enum au_evidence_kind {
	AU_EVIDENCE_OPERATOR = 1, /* a person says that he did it */
	AU_EVIDENCE_IMPORT = 2,   /* a list that a person brought shows it */
	AU_EVIDENCE_PRODUCT = 3,  /* the product showed it */
};

struct au_evidence_row {
	const char *account_id;
	enum au_evidence_kind kind;
	long long at_ms;   /* of what it says, not of when it was said */
	const char *actor; /* whose word it is */
	const char *name;  /* that user's; NULL = not known */
	long long work;    /* the order; 0 = none */
};
int au_store_evidence_put(struct au_store_tx *tx, const struct au_evidence_row *row, struct au_err *err); /* replaces */
int au_store_evidence_get(struct au_store_tx *tx, struct au_arena *arena, const char *account_id,
    struct au_evidence_row *ret, struct au_err *err); /* AU_ENOENT */
/* How old what is known of a target's accounts is; those of which nobody ever said anything are of the year 1970. */
struct au_evidence_age {
	long long accounts;  /* that are there */
	long long stale;     /* of before stale_ms */
	long long soon;      /* of before soon_ms, and not stale */
	long long oldest_ms; /* the moment that is longest ago; 0 = there is none */
};
int au_store_evidence_age(struct au_store_tx *tx, const char *target, long long stale_ms, long long soon_ms,
    struct au_evidence_age *ret, struct au_err *err);

/* Deleted at at_ms, by the product's key and the name. */
int au_store_tombstone_put(struct au_store_tx *tx, const char *target, const char *remote_id, const char *login,
    long long at_ms, struct au_err *err);
/* When that one was deleted; 0 = not that we knew. */
int au_store_tombstone_get(
    struct au_store_tx *tx, const char *target, const char *remote_id, long long *ret_at_ms, struct au_err *err);
/* Forget those of before. */
int au_store_tombstone_expire(struct au_store_tx *tx, const char *target, long long before_ms, struct au_err *err);

#endif
