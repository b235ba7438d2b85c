/* SPDX-License-Identifier: ISC */
/* What a step changes, value by value. */
#ifndef CTL_DIFFERENCE_H
#define CTL_DIFFERENCE_H

#include "base/json.h"
#include "ctl/wrap.h"

/*
 * A line for each value of two objects that is not the same, those of `was` first: "name: old → new", for lists what
 * is added and what is taken away, "name: value" when `was` is no object, because nothing is there yet.  Members that
 * are objects (rights) count as values of their own.  What was and is not wanted is left out, except in rights.
 */
void au_difference_put(struct au_str *out, const struct au_wrap *wrap, const json_t *was, const json_t *want);
/* The same of two objects that both are whole, so that what is there no more is told, too. */
void au_difference_all(struct au_str *out, const struct au_wrap *wrap, const json_t *was, const json_t *now);

#endif
