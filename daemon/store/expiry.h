/* SPDX-License-Identifier: ISC */
/* When entries expire, beside the entries: for entry.c. */
#ifndef STORE_EXPIRY_H
#define STORE_EXPIRY_H

#include "store/fact.h"

/* An entry was written as `num`; was_there: it may have had a date before. */
int au_expiry_keep(
    struct au_store_tx *tx, const struct au_entry *entry, long long num, bool was_there, struct au_err *err);
/* Before it is written: who was disabled by a date that is over stays so while the new one cannot be read.  num 0: it
 * is a new one. */
int au_expiry_recall(struct au_store_tx *tx, long long num, struct au_entry *entry, struct au_err *err);

#endif
