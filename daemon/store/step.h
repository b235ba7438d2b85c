/* SPDX-License-Identifier: ISC */
/* The durable queue. */
#ifndef STORE_STEP_H
#define STORE_STEP_H

#include "model/step.h"
#include "store/store.h"

int au_store_step_add(struct au_store_tx *tx, const struct au_step *step, long long *ret_id, struct au_err *err);
/* State, guard, guards, tries, next_ms, finished_ms, code, error; by id.  takes, rank and waits stay. */
int au_store_step_update(struct au_store_tx *tx, const struct au_step *step, struct au_err *err);
int au_store_step_get(struct au_store_tx *tx, struct au_arena *arena, long long id, struct au_step *ret,
    struct au_err *err); /* AU_ENOENT */
/* takes, rank, waits; by id.  A row that says so already is not written. */
int au_store_step_claim(struct au_store_tx *tx, const struct au_step *step, struct au_err *err);
/* Of a target, those that wait for capacity, in the order in which they come in, after `after` (NULL: from the start).
 */
int au_store_step_waiting(struct au_store_tx *tx, struct au_arena *arena, const char *target,
    const struct au_step *after, size_t limit, struct au_step **ret, size_t *ret_count, struct au_err *err);
/* Of these, the first who wait for one pool. */
int au_store_step_line(struct au_store_tx *tx, struct au_arena *arena, const char *target, const char *pool,
    size_t limit, struct au_step **ret, size_t *ret_count, struct au_err *err);
/* Of a target, those that are queued to be tried again after that answer (enum au_code), oldest first. */
int au_store_step_again(struct au_store_tx *tx, struct au_arena *arena, const char *target, int code, size_t limit,
    struct au_step **ret, size_t *ret_count, struct au_err *err);
/* Of a target, those that are queued and take or give back. */
int au_store_step_taking(struct au_store_tx *tx, struct au_arena *arena, const char *target, struct au_step **ret,
    size_t *ret_count, struct au_err *err);
/* Open ones (queued, running, held, waiting, with a person, following) of an account, oldest first. */
int au_store_step_open(struct au_store_tx *tx, struct au_arena *arena, const char *account_id, struct au_step **ret,
    size_t *ret_count, struct au_err *err);
/*
 * The next step of a target to run: queued, of no lane beyond `most`, due at now, of no parcel that is not whole yet,
 * and nothing of the same account in its way: a running step, one with a person, or an older queued one.  A step that
 * takes something away (a lane beyond AU_LANE_SAFE) does not wait for safe ones, unless they run or bring the account
 * about.  Restricting and destructive lanes first, then oldest.
 * AU_ENOENT; *ret_wake_ms (may be NULL) is then when the earliest queued one becomes due, 0 = none.
 */
int au_store_step_next(struct au_store_tx *tx, struct au_arena *arena, const char *target, enum au_lane most,
    long long now_ms, struct au_step *ret, long long *ret_wake_ms, struct au_err *err);
/* The next step of one account, as above; AU_ENOENT. */
int au_store_step_next_of(struct au_store_tx *tx, struct au_arena *arena, const char *account_id, enum au_lane most,
    long long now_ms, struct au_step *ret, struct au_err *err);
/* All of a state (0 = any), newest first. */
int au_store_step_list(struct au_store_tx *tx, struct au_arena *arena, enum au_step_state state, size_t limit,
    struct au_step **ret, size_t *ret_count, struct au_err *err);
/* Rejected ones whose wishes are not proposed again, newest first. */
int au_store_step_refused(struct au_store_tx *tx, struct au_arena *arena, size_t limit, struct au_step **ret,
    size_t *ret_count, struct au_err *err);
int au_store_step_of_account(struct au_store_tx *tx, struct au_arena *arena, const char *account_id, size_t limit,
    struct au_step **ret, size_t *ret_count, struct au_err *err); /* newest first, every state */
int au_store_step_count(struct au_store_tx *tx, enum au_step_state state, long long *ret, struct au_err *err);
/* After a restart: every running step, so that its outcome can be looked up. */
int au_store_step_running(struct au_store_tx *tx, struct au_arena *arena, struct au_step **ret, size_t *ret_count,
    struct au_err *err);

#endif
