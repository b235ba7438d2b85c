/* SPDX-License-Identifier: ISC */
/*
 * Asynchronous requests (RFC 9967 section 2.5.1): a client that prefers "respond-async" is answered 202 with a Set-Txn,
 * and fetches the outcome later.  A request for one resource is carried out, and its outcome kept, in one transaction
 * before that answer; a Bulk is only noted down before it, and its outcomes are kept with what they tell of.
 */
#ifndef SCIM_ASYNC_H
#define SCIM_ASYNC_H

#include "scim/request.h"

/* Give the request a txn when its Prefer header asks for an answer at once. */
void au_async_prepare(struct au_request *r);
/* The preference: "respond-async" without "wait", or with a wait of no time (RFC 7240 sections 4.1, 4.3). */
bool au_async_is_preferred(const char *prefer);

/* For work functions, when the request has a txn. */
int au_async_open(struct au_store_tx *tx, struct au_request *r, size_t operations, bool is_ended, struct au_err *err);
int au_async_put(
    struct au_store_tx *tx, struct au_request *r, size_t operation, const char *outcome, struct au_err *err);
/* After a request for one resource: keep its outcome, and answer 202 instead of telling it. */
int au_async_settle(struct au_store_tx *tx, struct au_request *r, struct au_err *err);
/* Make the reply a 202. */
void au_async_accept(struct au_request *r);

/* At start: what was open when the last daemon ended has ended with it. */
void au_async_start(struct au_scim *scim);

/* The outcome of one operation as a Bulk response tells it (RFC 7644 section 3.7.3); caller frees. */
char *au_outcome_text(struct au_request *part, const char *method, const char *bulk_id, bool failed);

#endif
