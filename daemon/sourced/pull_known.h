/* SPDX-License-Identifier: ISC */
/*
 * Whom a SCIM service has shown, in which state, and by which of its servers:
 * one of them may be behind another, and must not undo what that one told.
 */
#ifndef SOURCED_PULL_KNOWN_H
#define SOURCED_PULL_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AU_PULL_SERVERS 16 /* of one service at most; the option's rows know it, too */

struct au_pull_known;

struct au_pull_known *au_pull_known_new(void);
void au_pull_known_free(struct au_pull_known *known); /* NULL is fine */
size_t au_pull_known_count(const struct au_pull_known *known);
bool au_pull_known_has(const struct au_pull_known *known, const char *id); /* known may be NULL */

/*
 * A server shows an id as it was modified at that time (0: it does not say when).  before (may be NULL) is what an
 * earlier reading knew.  False when another server has shown a newer state, and this one never did: it is behind, and
 * what was known stays.
 */
bool au_pull_known_show(struct au_pull_known *known, const struct au_pull_known *before, const char *id,
    int64_t modified_ms, size_t server);
/* Whether a server has shown an id in the state that is known, so that its word that it is gone is enough. */
bool au_pull_known_is_shown_by(const struct au_pull_known *known, const char *id, size_t server);
/* What is known of one stays so, whether it is there or not. */
void au_pull_known_keep(struct au_pull_known *known, const struct au_pull_known *before, const char *id);

#endif
