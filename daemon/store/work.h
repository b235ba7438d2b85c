/* SPDX-License-Identifier: ISC */
/* Rows of work orders.  The store has at most one open order of an account, whoever asks for a second one. */
#ifndef STORE_WORK_H
#define STORE_WORK_H

#include "model/work.h"
#include "store/store.h"

int au_store_work_add(struct au_store_tx *tx, const struct au_work *work, long long *ret_id, struct au_err *err);
int au_store_work_update(
    struct au_store_tx *tx, const struct au_work *work, struct au_err *err); /* all but id, account, ticket */
int au_store_work_get(struct au_store_tx *tx, struct au_arena *arena, long long id, struct au_work *ret,
    struct au_err *err); /* AU_ENOENT */
/* What a ticket system calls it, which no update changes; whether it was called otherwise before, or not at all. */
int au_store_work_ticket(struct au_store_tx *tx, long long id, const char *ticket, bool *ret_news, struct au_err *err);
/* The open, claimed or reported one of an account; AU_ENOENT. */
int au_store_work_open_of(
    struct au_store_tx *tx, struct au_arena *arena, const char *account_id, struct au_work *ret, struct au_err *err);
/* Of an account, newest first. */
int au_store_work_of_account(struct au_store_tx *tx, struct au_arena *arena, const char *account_id, size_t limit,
    struct au_work **ret, size_t *ret_count, struct au_err *err);
/* What is to be done: what takes away first, then what is due first.  target NULL = all. */
int au_store_work_due(struct au_store_tx *tx, struct au_arena *arena, const char *target, size_t limit,
    struct au_work **ret, size_t *ret_count, struct au_err *err);
/* All of a state (0 = any), newest first. */
int au_store_work_list(struct au_store_tx *tx, struct au_arena *arena, const char *target, enum au_work_state state,
    size_t limit, struct au_work **ret, size_t *ret_count, struct au_err *err);
/* Open ones that were made before some moment, oldest first. */
int au_store_work_older(struct au_store_tx *tx, struct au_arena *arena, const char *target, long long before_ms,
    size_t limit, struct au_work **ret, size_t *ret_count, struct au_err *err);

struct au_work_count {
	const char *target;
	enum au_work_state state; /* open, claimed, reported or fulfilled, as it is not over; or failed or expired */
	long long count, oldest_ms, overdue;
};
int au_store_work_counts(struct au_store_tx *tx, struct au_arena *arena, long long now_ms, struct au_work_count **ret,
    size_t *ret_count, struct au_err *err);

#endif
