/* SPDX-License-Identifier: ISC */
/* A saved plan that is being applied: its insides, shared by apply_plan.c, which drives it, and apply_write.c. */
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

struct au_applying {
	struct au_engine *engine;
	struct au_applying *next_of_engine;
	struct au_arena *arena;
	json_t *plan; /* as it was saved */
	bool unmoved;
	long long timeout_ms, now_ms;
	const char *actor;
	au_engine_apply_done *done;
	void *ctx;

	struct au_sight *sights;
	size_t sight_count;
	struct au_map *sight_of; /* "KEY\nTARGET" -> its sight */
	struct au_sight_row *rows;
	size_t row_count, rows_under_way;
	struct au_policy *policy; /* of the moment of writing */
	struct au_look_counts counts;
	json_t *result;
};

/* Store works, on an applying.  Is it a plan of ours, and which accounts are to be read?  Changes nothing. */
int au_applying_open(struct au_store_tx *tx, void *applying, struct au_err *err);
/* Keep what was seen, compare the inputs, and write the steps that may go on. */
int au_applying_write(struct au_store_tx *tx, void *applying, struct au_err *err);

#endif
