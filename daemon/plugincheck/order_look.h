/* SPDX-License-Identifier: ISC */
/* What must be true of any order, whatever it is about: the worker has seen to it that it is whole and holds no secret.
 */
#ifndef PLUGINCHECK_ORDER_LOOK_H
#define PLUGINCHECK_ORDER_LOOK_H

#include "plugincheck/stage.h"

/*
 * Findings of an order for a call: a text that is for people has a control character, so that it breaks lines where it
 * is shown (values are exact, and shown with care); none of it says which of the known accounts it is about.
 */
void order_look(struct stage *stage, const struct au_call *call, const json_t *order);

/* Whether what is in two orders is the same when each `from` in the texts of the first one is `to`, outside of values
 * as something that can be shown; else *ret_first and *ret_other are texts that differ, of the arena. */
bool order_same(struct au_arena *arena, const json_t *first, const json_t *other, const char *from, const char *to,
    const char **ret_first, const char **ret_other);

#endif
