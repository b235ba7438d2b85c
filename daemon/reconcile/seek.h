/* SPDX-License-Identifier: ISC */
/*
 * Whom people mean by a word: an API user, or somebody whom only a source knows
 * yet, or nobody at all.
 */
#ifndef RECONCILE_SEEK_H
#define RECONCILE_SEEK_H

#include "model/apiuser.h"
#include "reconcile/policy.h"
#include "store/store.h"

#include <jansson.h>

/*
 * By id, key, user name, address or DN, as people type them; in the arena.  Of somebody who was never wanted, and is no
 * API user therefore, all but key and names is empty, the id too.
 * AU_ENOENT: no source knows anybody of that name.  AU_EEXIST: several are meant.
 */
int au_seek(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, const char *word,
    struct au_apiuser *ret, struct au_err *err);

/*
 * What was looked at where nobody was found, source by source, and what speaks of such a one all the same:
 * [{"source", "state", "people", "read_ms", "trouble", "texts": [...]}].  Caller owns it.
 */
int au_seek_report(
    struct au_store_tx *tx, const struct au_policy *policy, const char *word, json_t **ret, struct au_err *err);

#endif
