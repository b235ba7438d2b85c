/* SPDX-License-Identifier: ISC */
/*
 * The audit chain: append-only rows written in the transaction of the change
 * they tell of; each row's MAC (keyed BLAKE2b) covers the one before.
 */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include "base/json.h"
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
/* Newest first, before seq (0 = from the end); object NULL = all. */
int au_store_audit_list(struct au_store_tx *tx, struct au_arena *arena, const char *object, long long before_seq,
    size_t limit, struct au_audit **ret, size_t *ret_count, struct au_err *err);
/* Walk the whole chain.  AU_EINVAL names the first row that does not fit. */
int au_store_audit_verify(struct au_store_tx *tx, long long *ret_rows, struct au_err *err);

#endif
