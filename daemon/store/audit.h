/* SPDX-License-Identifier: ISC */
/*
 * The audit chain: append-only rows written in the transaction of the change
 * they tell of; each row's MAC (keyed BLAKE2b) covers the one before.
 */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include "base/json.h"
#include "model/audit_anchor.h"
#include "store/store.h"

struct au_audit {
	long long seq;
	long long at_ms;
	const char *actor;  /* "scim:okta", "ldap:corp", "uid:0", "reconciler", "target:control-room" */
	const char *verb;   /* "entry.add", "resource.patch", "step.done", "client.add", ... */
	const char *object; /* id of what it is about */
	const char *detail; /* JSON object; never a secret */
	const char *mac;    /* hex */
};

/* at_ms comes from the caller's clock; detail may be NULL and keeps its reference. */
int au_store_audit(struct au_store_tx *tx, long long at_ms, const char *actor, const char *verb, const char *object,
    const json_t *detail, struct au_err *err);

/* Which rows: what is NULL or 0 is not asked for. */
struct au_audit_filter {
	const char *object;
	const char *actor;  /* itself, or the kind before the colon: "uid:0", "uid" */
	const char *verb;   /* itself, or its first word: "step.done", "step" */
	const char *target; /* name: of the target itself, its accounts, or told of it */
	const char *user;   /* correlation key: of the API user, its accounts and entries, or told of it */
	long long since_ms, until_ms; /* the second is no part of it */
	long long after, before;      /* seq, neither is part of it */
	bool oldest_first;
};
/* Newest first, or oldest first; at most limit. */
int au_store_audit_list(struct au_store_tx *tx, struct au_arena *arena, const struct au_audit_filter *filter,
    size_t limit, struct au_audit **ret, size_t *ret_count, struct au_err *err);
int au_store_audit_get(struct au_store_tx *tx, struct au_arena *arena, long long seq, struct au_audit *ret,
    struct au_err *err); /* AU_ENOENT */

/* The last row of the chain now; seq 0 before the first. */
int au_store_audit_end(struct au_store_tx *tx, struct au_audit_anchor *ret, struct au_err *err);

struct au_audit_verdict {
	long long rows;            /* that are there and fit */
	long long last, removed;   /* seq of the last row; of the last one that was removed for its age, 0 = none was */
	size_t anchors_met;        /* rows that are as they were told elsewhere */
	size_t anchors_removed;    /* anchors of rows that were removed for their age */
};
/*
 * Walk the whole chain; anchors, in the order of their rows, are held to it.  AU_EINVAL names the first row that is
 * missing, does not fit the chain, or is not the one that was anchored.
 */
int au_store_audit_verify(struct au_store_tx *tx, const struct au_audit_anchor *anchors, size_t count,
    struct au_audit_verdict *ret, struct au_err *err);

/*
 * Remove the oldest rows as long as they are of before that time, at most so many, and add a row that says so.
 * *ret_rows is how many; fewer than most: there are no more.
 */
int au_store_audit_prune(struct au_store_tx *tx, long long before_ms, size_t most, long long now_ms,
    long long *ret_rows, struct au_err *err);

#endif
