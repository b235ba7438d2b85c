/* SPDX-License-Identifier: ISC */
/* Whether what people said that they did is there, as far as a list of the product's accounts shows it. */
#ifndef RECONCILE_WORK_VERIFY_H
#define RECONCILE_WORK_VERIFY_H

#include "base/map.h"
#include "store/evidence.h"

struct au_work_proof {
	const char *target;
	const struct au_map *seen;   /* remote id -> struct au_seen */
	const struct au_map *buried; /* remote ids that are shown still, though deleted; NULL = none */
	bool whole;                  /* what it does not show is not there */
	enum au_evidence_kind kind;
	const char *by;     /* "the product", "import of 2026-01-02" */
	const char *actor, *name; /* who brought it */
	long long as_of_ms; /* it says how it was then */
	long long lag_ms;   /* for which it may be behind what was done */
	long long now_ms;
	long long verified, contradicted; /* result */
};

/* Store work: fulfilled orders are verified, or fail as the list shows otherwise.  Audit: work.verify,
 * work.contradict. */
int au_work_verify(struct au_store_tx *tx, struct au_arena *arena, struct au_work_proof *proof, struct au_err *err);

#endif
