/* SPDX-License-Identifier: ISC */
/*
 * Groups with more members than are taken (option max_members).  Whoever is in such a group stays in it and nobody
 * joins, until it has fewer, or more are taken: a list that is cut off would be as wrong as one that is made up.
 */
#ifndef SOURCED_EXCESS_H
#define SOURCED_EXCESS_H

#include "sourced/mapping.h"

struct au_excess;

/* source, for the log, is borrowed. */
struct au_excess *au_excess_new(long long most, const char *source);
void au_excess_free(struct au_excess *excess); /* NULL is fine */
/* Whether the group has too many; then its roll is emptied, and it is_some.  Once for each time, the log says so. */
bool au_excess_takes(struct au_excess *excess, struct au_mapped *group);

#endif
