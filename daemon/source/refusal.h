/* SPDX-License-Identifier: ISC */
/*
 * A log-in that a directory refused.  Directories lock accounts after a few
 * wrong tries, so what was refused is not tried again, by a restarted process or
 * daemon neither: the store keeps a keyed digest of it.
 */
#ifndef SOURCE_REFUSAL_H
#define SOURCE_REFUSAL_H

#include "base/json.h"
#include "source/secrets.h"
#include "store/store.h"

#define AU_REFUSAL_KEY 32
#define AU_REFUSAL_PRINT 65 /* hexadecimal digits and a NUL */

/* Zeroed: nothing was refused. */
struct au_refusal {
	char print[AU_REFUSAL_PRINT];
	long long at_ms;
	char *why; /* owned */
};

/*
 * A digest of all that a log-in is made of: the servers, who we are, and the secrets with the files that they come in
 * (one that cannot be read counts as such).  options: as au_source_options has them.
 */
void au_refusal_print(char ret[AU_REFUSAL_PRINT], const unsigned char key[AU_REFUSAL_KEY], const json_t *options,
    const struct au_secrets *secrets);
/* Whether such a log-in is not to be tried: it was refused, and not longer than retry_ms ago, or retry_ms is 0. */
bool au_refusal_holds(const struct au_refusal *refusal, const char *print, long long now_ms, long long retry_ms);
void au_refusal_done(struct au_refusal *refusal); /* zeroed then */

/* ret must be zeroed or filled; nothing was refused: it is zeroed. */
int au_refusal_load(struct au_store_tx *tx, const char *source, struct au_refusal *ret, struct au_err *err);
/* NULL: nothing is refused any more. */
int au_refusal_save(struct au_store_tx *tx, const char *source, const struct au_refusal *refusal, struct au_err *err);

#endif
