/* SPDX-License-Identifier: ISC */
/* From a plan to one that can be kept: with what each step stands on, why it is there, and sealed. */
#ifndef RECONCILE_SAVE_PLAN_H
#define RECONCILE_SAVE_PLAN_H

#include "reconcile/engine.h"
#include "reconcile/policy.h"

/* Store work: the saved form (model/saved_plan.h) of job->plan, unsealed.  The caller's.  Errors are the store's. */
int au_save_plan(struct au_store_tx *tx, const struct au_engine_plan_job *job, json_t **ret, struct au_err *err);

#endif
