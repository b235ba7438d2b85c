/* SPDX-License-Identifier: ISC */
/*
 * Outcomes of requests whose clients did not want to wait for them (RFC 9967 section 2.5.1): one row per request and
 * one per operation of it, kept until they expire.
 */
#ifndef STORE_ASYNC_H
#define STORE_ASYNC_H

#include "store/store.h"

struct au_async_row {
	const char *txn;    /* names the request; random */
	const char *client; /* who alone may ask for it */
	const char *scope;  /* what the credentials that sent it were good for; NULL = everything */
	long long created_ms, expires_ms;
	long long operations; /* how many it has */
	bool is_ended;        /* an operation without an outcome will not get one any more */
};
struct au_async_outcome {
	long long operation; /* from 0 */
	long long at_ms;
	const char *text; /* JSON object: an operation of a Bulk response */
};

/* Also drops what has expired at created_ms.  AU_ELIMIT when more than `most` operations would be kept for the client. */
int au_store_async_open(struct au_store_tx *tx, const struct au_async_row *row, long long most, struct au_err *err);
/* Again for the same operation: the later one counts. */
int au_store_async_put(
    struct au_store_tx *tx, const char *txn, const struct au_async_outcome *outcome, struct au_err *err);
int au_store_async_end(struct au_store_tx *tx, const char *txn, struct au_err *err);
/* All that are open have ended: whoever worked on them is no more. */
int au_store_async_end_all(struct au_store_tx *tx, struct au_err *err);
/* AU_ENOENT: unknown, of another client, or expired. */
int au_store_async_get(struct au_store_tx *tx, struct au_arena *arena, const char *client, const char *txn,
    long long now_ms, struct au_async_row *ret, struct au_err *err);
/* By operation. */
int au_store_async_outcomes(struct au_store_tx *tx, struct au_arena *arena, const char *txn,
    struct au_async_outcome **ret, size_t *ret_count, struct au_err *err);

#endif
