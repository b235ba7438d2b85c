/* SPDX-License-Identifier: ISC */
/*
 * What a source's cookies rest on: the options that decide what is read and what
 * becomes of it.  A directory that is asked with a cookie tells what changed in
 * the directory; what was read otherwise before, it does not send again.
 */
#ifndef SOURCE_PREMISE_H
#define SOURCE_PREMISE_H

#include "store/store.h"

#include <jansson.h>

/* Of au_source_options, as one text.  Caller frees. */
char *au_premise_text(const json_t *options);
/*
 * Compare with what the store has from the last time.  When it is another one it is kept, and the cookies go with the
 * old one: everything is read anew.  *ret_changed: which options differ, in the arena; NULL when all is as it was.
 */
int au_premise_check(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *text,
    const char **ret_changed, struct au_err *err);
/* The next process reads everything from the beginning. */
int au_premise_forget_cookies(struct au_store_tx *tx, const char *source, struct au_err *err);

#endif
