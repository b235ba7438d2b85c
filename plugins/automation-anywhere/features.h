/* SPDX-License-Identifier: ISC */
/* Licence features that a user can hold, and what is left of them. */
#ifndef AA_FEATURES_H
#define AA_FEATURES_H

#include "automation-anywhere/session.h"

/* All of them (AA-R09, AA-R10), NULL-terminated, for option and rule rows. */
extern const char *const aa_feature_names[];

/* Whether a feature exists in the session's profile. */
bool aa_feature_known(const struct au_session *session, const char *name);

/*
 * Ask the Control Room about its licences and say what stands in the way of giving these features (JSON array of
 * names): AU_EINVAL names one that is switched off, AU_EQUOTA one of which none is left.  0 when nothing is known to
 * stand in the way, also when the answer does not tell (a licence that is not listed is unknown, not zero) or may not
 * be asked.
 */
int aa_features_check(struct au_session *session, const json_t *wanted, struct au_err *err);

/* The pools of <apiuserd/target.h>: of each licence how many were bought and how many are used (AA-R20). */
int aa_features_read(struct au_session *session, au_emit_pool *emit, void *ctx, struct au_err *err);

#endif
