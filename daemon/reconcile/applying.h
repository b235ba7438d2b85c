/* SPDX-License-Identifier: ISC */
/*
 * A saved plan that is being applied: its insides, shared by apply_plan.c, which drives it, and those who see
 * (apply_sight.c), compare (apply_compare.c) and write (apply_write.c).
 */
#ifndef RECONCILE_APPLYING_H
#define RECONCILE_APPLYING_H

#include "reconcile/engine_parts.h"
#include "reconcile/listing.h"

/* One account that is read again, as nothing else but that is needed. */
struct au_sight {
	const char *key, *target, *login;
	const char *account_id, *remote_id; /* NULL: it is not there yet, as far as is known */
	bool follows;                       /* another account of ours had the login when the plan was made */
	bool is_taken;                      /* the login is there, and was not ours when the plan was made */
	const char *trouble;                /* why it cannot be read; NULL = it was */
};

/* The accounts of one target, read one after the other. */
struct au_sight_row {
	struct au_applying *applying;
	const char *target;
	struct au_listing listing; /* what was seen */
	size_t next;               /* into sights */
	bool over;
};

/* One API user of the plan, with those of its steps that may go on. */
struct au_applying_key {
	const char *key;
	size_t *steps; /* their places in the plan */
	size_t step_count;
	bool waits; /* one of them was shown to wait for room: it takes none from who was shown to have it */
};

struct au_applying {
	struct au_engine *engine;
	struct au_applying *next_of_engine;
	struct au_arena *arena;
	json_t *plan; /* as it was saved */
	bool unmoved;
	bool waits; /* for its turn: plans are written one after the other */
	long long timeout_ms, now_ms;
	const char *actor;
	au_engine_apply_done *done;
	void *ctx;
	struct au_err err; /* why it is given up */

	/* What is there now (apply_sight.c). */
	struct au_sight *sights;
	size_t sight_count, sights_kept;
	struct au_map *sight_of; /* "KEY\nTARGET" -> its sight */
	struct au_sight_row *rows;
	size_t row_count, rows_under_way;
	struct au_policy *policy; /* of the moment of comparing */

	/* What moved, and what therefore may go on (apply_compare.c). */
	json_t *moved;
	struct au_map *told; /* places of the saved inputs that moved */
	bool *stays;         /* per step: something under it moved */
	struct au_applying_key **keys;
	size_t key_count;

	/* How far it is written (apply_write.c). */
	struct au_pace pace;
	size_t next_key;
	long long parcel;
	bool moved_late; /* something moved while it was being written */
	bool closed;     /* its steps may be sent */
	long long open;  /* steps that were queued or held before */
	struct au_look_counts counts;
	json_t *result;
};

/* Store works, on an applying. */
/* Read: is it a plan of ours, and which accounts are to be read? */
int au_applying_open(struct au_store_tx *tx, void *applying, struct au_err *err);
/* Write: keep the next piece of what was seen, until sights_kept is sight_count. */
int au_applying_keep(struct au_store_tx *tx, void *applying, struct au_err *err);
/* Read: compare every input and choose the keys that may go on; without any the result says why. */
int au_applying_compare(struct au_store_tx *tx, void *applying, struct au_err *err);
/* Write: the steps of the next keys, into the parcel, until next_key is key_count. */
int au_applying_piece(struct au_store_tx *tx, void *applying, struct au_err *err);
/* Write: judge the whole, until it is closed; with the record that it was applied, and the result. */
int au_applying_close(struct au_store_tx *tx, void *applying, struct au_err *err);

/* Their parts in common.  What was seen of a step's account; NULL = it is not in the plan. */
const struct au_sight *au_applying_sight(const struct au_applying *applying, const json_t *step);
const json_t *au_applying_steps(const struct au_applying *applying);
/* A step that the plan said and the store does not come to any more: it stays behind if something under it has moved by
 * now.  *ret tells. */
int au_applying_look_again(
    struct au_store_tx *tx, struct au_applying *applying, size_t step, bool *ret, struct au_err *err);
/* A plan is not applied any more when it has this age, so that nothing is lost by forgetting it then. */
long long au_applying_oldest_ms(const struct au_applying *applying);

/* Steps by what they say. */
char *au_applying_step_text(const char *key, const char *target, const char *op, const char *want);
char *au_applying_saved_text(const json_t *step);

#endif
