/* SPDX-License-Identifier: ISC */
/* A plan: the steps that would make targets equal to what is wanted, and what stands in the way. */
#ifndef MODEL_PLAN_H
#define MODEL_PLAN_H

#include "base/mem.h"
#include "model/step.h"

/* Something that a plan cannot do by itself: a conflict, an unresolved template, a target that waits. */
struct au_finding {
	const char *apiuser_id; /* NULL when it is about a whole target or source */
	const char *key;        /* of the API user; NULL like the id */
	const char *target;
	const char *text;
};

/* One step waits until another one is done; indexes into the plan's steps. */
struct au_wait {
	size_t step, after;
};

struct au_plan {
	struct au_arena *arena; /* everything in the plan */
	struct au_step *steps;
	size_t step_count, step_cap;
	struct au_finding *findings;
	size_t finding_count, finding_cap;
	struct au_wait *waits;
	size_t wait_count, wait_cap;
	const char *key; /* correlation key of the API user whom that is about which is added next; NULL = nobody's */
};

struct au_plan *au_plan_new(void);
void au_plan_free(struct au_plan *plan); /* NULL is fine */
void au_plan_freep(struct au_plan **plan);
/* Copies all text into the plan.  The pointer is good until the next add. */
struct au_step *au_plan_add(struct au_plan *plan, const struct au_step *step);
void au_plan_find(struct au_plan *plan, const char *apiuser_id, const char *target, const char *text);
/* The step waits for another one; said twice it counts once after au_plan_order. */
void au_plan_wait(struct au_plan *plan, size_t step, size_t after);
/* Other steps go, and with them what says that they wait, or that anything waits for them. */
void au_plan_keep(struct au_plan *plan, bool (*is_kept)(const struct au_step *step, const void *ctx), const void *ctx);
/* What is about other targets goes. */
void au_plan_keep_target(struct au_plan *plan, const char *target);
/* Steps that are only there to say what would be cancelled are of no use to a reader. */
void au_plan_drop_cancelled(struct au_plan *plan);
/* For the control socket: steps with their "number" in the plan, and with the numbers of those that they come "after".
 */
json_t *au_plan_to_json(const struct au_plan *plan);

#endif
