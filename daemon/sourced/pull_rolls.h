/* SPDX-License-Identifier: ISC */
/* Members of groups as the users of a SCIM service tell them, each of himself (RFC 7643 section 4.1.2, `groups`). */
#ifndef SOURCED_PULL_ROLLS_H
#define SOURCED_PULL_ROLLS_H

#include "base/json.h"

#include <stdbool.h>

struct au_pull_rolls;

struct au_pull_rolls *au_pull_rolls_new(void);
void au_pull_rolls_free(struct au_pull_rolls *rolls); /* NULL is fine */

/* A reading of all users begins. */
void au_pull_rolls_begin(struct au_pull_rolls *rolls);
void au_pull_rolls_take(struct au_pull_rolls *rolls, const json_t *user, const char *id);
/* There is a user whose groups nobody knows. */
void au_pull_rolls_lack(struct au_pull_rolls *rolls);

/* Why a group's list would not be whole; NULL when it is. */
const char *au_pull_rolls_flaw(const struct au_pull_rolls *rolls);
/* Ids of a group's members; they last until the next reading begins. */
const char **au_pull_rolls_members(const struct au_pull_rolls *rolls, const char *group_id, size_t *ret_count);

#endif
