/* SPDX-License-Identifier: ISC */
/* The order of a plan: what makes room goes before what takes it, and nobody is active before the rights are right. */
#ifndef MODEL_PLAN_ORDER_H
#define MODEL_PLAN_ORDER_H

#include "model/plan.h"

/*
 * The place of a step among those of its target, from 0: switch off, delete, take rights away; look up; create;
 * change; switch on.
 */
int au_plan_rank(const struct au_step *step);
/*
 * Sort the steps by target, place and login, and say which of them wait for others: of an account, every step waits
 * for the one before it.  Waits that were there stay, by their steps.  Findings go by target and API user.  The same
 * steps in any order give the same plan.
 */
void au_plan_order(struct au_plan *plan);

#endif
