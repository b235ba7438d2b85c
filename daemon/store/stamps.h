/* SPDX-License-Identifier: ISC */
/* The writer's side of stamps. */
#ifndef STORE_STAMPS_H
#define STORE_STAMPS_H

#include "store/stamp.h"
#include "store/statement.h"

/* What all statements but those of resources and entries move; these know more than their number says. */
extern const unsigned char au_stamp_moved_by[AU_STATEMENT_COUNT];

struct au_stamps;

struct au_stamps *au_stamps_new(void);
void au_stamps_free(struct au_stamps *stamps); /* NULL is fine */

/* The writer's thread: such rows have changed in the open transaction.  NULL stamps: nobody takes any. */
void au_stamps_move(
    struct au_stamps *stamps, enum au_stamp_of what, const char *client, const char *type, const char *value);
/* It is committed or given up. */
void au_stamps_settle(struct au_stamps *stamps);

/* As in stamp.h. */
bool au_stamps_take(const struct au_stamps *stamps, enum au_stamp_of what, const char *client, const char *type,
    const char *value, struct au_stamp *ret);
bool au_stamps_hold(const struct au_stamps *stamps, const struct au_stamp *stamp);

#endif
