/* SPDX-License-Identifier: ISC */
/*
 * Parcels: steps that are written in several transactions and go together.  While
 * a parcel has its row here none of its steps is sent, whatever its state; they
 * reserve, count and are taken back like all others.  A row that is found at the
 * start is of a writer who was interrupted: his steps were never sent.
 */
#ifndef STORE_PARCEL_H
#define STORE_PARCEL_H

#include "model/step.h"
#include "store/store.h"

struct au_parcel_row {
	long long id;       /* given by the store, never used again */
	const char *digest; /* of the saved plan that is applied; NULL = none */
	const char *actor;
	long long at_ms;
};

int au_store_parcel_add(
    struct au_store_tx *tx, const struct au_parcel_row *parcel, long long *ret_id, struct au_err *err);
int au_store_parcel_list(
    struct au_store_tx *tx, struct au_arena *arena, struct au_parcel_row **ret, size_t *ret_count, struct au_err *err);
/* What is left of its steps may be sent.  AU_ENOENT */
int au_store_parcel_end(struct au_store_tx *tx, long long id, struct au_err *err);
/* Its steps: those that take something away and are queued or held, oldest first ... */
int au_store_parcel_losses(struct au_store_tx *tx, struct au_arena *arena, long long id, struct au_step **ret,
    size_t *ret_count, struct au_err *err);
/* ... and up to limit of all that are open and not under way. */
int au_store_parcel_steps(struct au_store_tx *tx, struct au_arena *arena, long long id, size_t limit,
    struct au_step **ret, size_t *ret_count, struct au_err *err);

#endif
