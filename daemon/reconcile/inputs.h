/* SPDX-License-Identifier: ISC */
/*
 * What the steps of a plan stand on.  Each input is one thing that may move by
 * itself: the options of the reconciler, a target with its options and its
 * product's rules, the rules that lead to it, a template as the target resolved
 * it, the verdict on a source, an API user's values, which rules hold for it,
 * an account as the target last told of it, the room in a pool for what the plan
 * takes.  An input has a hash over what it says, so that a plan which is applied
 * later can tell what moved, and what not.
 */
#ifndef RECONCILE_INPUTS_H
#define RECONCILE_INPUTS_H

#include "model/plan.h"
#include "reconcile/gather.h"

struct au_inputs;

struct au_inputs *au_inputs_new(const struct au_policy *policy, long long now_ms); /* lent */
void au_inputs_free(struct au_inputs *inputs);                   /* NULL is fine */
void au_inputs_freep(struct au_inputs **inputs);

/* One step of the plan takes that much (struct au_step, takes); of every step, before any is added. */
void au_inputs_demand(struct au_inputs *inputs, const char *target, const char *takes);

struct au_inputs_step {
	const char *target, *login;
	const char *takes; /* NULL = nothing */
};
/*
 * What a step of this API user in this target stands on, as places in the list: an array, the caller's.  Inputs that
 * other steps share are there once.  Reads the verdicts of sources; errors are the store's.
 */
int au_inputs_add(struct au_inputs *inputs, struct au_store_tx *tx, struct au_arena *arena, const struct au_gathered *g,
    const struct au_inputs_step *step, json_t **ret, struct au_err *err);
/*
 * The list: objects {"kind", "name", "hash", "says": {...}}; a source's has "read" too, when its last whole reading
 * ended, and "cookies", digests of where its searches have come to, which count for nothing.  Lent.
 */
const json_t *au_inputs_list(const struct au_inputs *inputs);
/* The input of that kind and name; NULL when there is none. */
const json_t *au_inputs_find(const struct au_inputs *inputs, const char *kind, const char *name);

/* Which rules led to a step, from entry to group to rule to template: array of {"rule", "template", "why", ...}. */
json_t *au_inputs_because(struct au_arena *arena, const struct au_policy *policy, const struct au_gathered *g,
    const char *target, const char *cause);

#endif
