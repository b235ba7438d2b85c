/* SPDX-License-Identifier: ISC */
/* The calls of <apiuserd/target.h> that are about users; see there for what each means. */
#ifndef AA_USERS_H
#define AA_USERS_H

#include "automation-anywhere/session.h"

int aa_users_probe(struct au_session *session, struct au_err *err);
int aa_users_list(struct au_session *session, au_emit_account *emit, void *ctx, struct au_err *err);
int aa_users_find(struct au_session *session, const char *login, au_emit_account *emit, void *ctx, struct au_err *err);
int aa_users_get(struct au_session *session, const char *id, au_emit_account *emit, void *ctx, struct au_err *err);
int aa_users_create(struct au_session *session, const struct au_target_account *want, au_emit_account *emit, void *ctx,
    struct au_err *err);
int aa_users_set_rights(struct au_session *session, const char *id, const struct au_target_account *want,
    au_emit_account *emit, void *ctx, struct au_err *err);
int aa_users_set_active(
    struct au_session *session, const char *id, bool active, au_emit_account *emit, void *ctx, struct au_err *err);
int aa_users_set_profile(struct au_session *session, const char *id, const struct au_target_account *want,
    au_emit_account *emit, void *ctx, struct au_err *err);
int aa_users_reset_secret(struct au_session *session, const char *id, const char *secret, au_emit_account *emit,
    void *ctx, struct au_err *err);
int aa_users_remove(struct au_session *session, const char *id, struct au_err *err);

#endif
