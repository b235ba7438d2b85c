/* SPDX-License-Identifier: ISC */
/* "Did you mean": which of the names that there are could be meant by one that there is not. */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include "base/str.h"

#include <jansson.h>

/*
 * Puts "; did you mean 'a', 'b'?" of at most three names (a list that NULL ends), the nearest first, or nothing when
 * none is near: one that only differs in ASCII case is the nearest, others are off by a letter or two, in longer ones
 * by three.
 */
void au_near_put(struct au_str *out, const char *name, const char *const *names);
/* The same with the names that the objects of an array have in a member; those that have none there are passed by. */
void au_near_put_among(struct au_str *out, const char *name, const json_t *items, const char *member);

#endif
