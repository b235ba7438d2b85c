/* SPDX-License-Identifier: ISC */
/* The calls of <apiuserd/target.h> that are about users; see there for what each means. */
#ifndef SC_USERS_H
#define SC_USERS_H

#include "scim-target/session.h"

int sc_users_probe(struct au_session *session, struct au_err *err);
int sc_users_list(struct au_session *session, au_emit_account *emit, void *ctx, struct au_err *err);
int sc_users_find(struct au_session *session, const char *login, au_emit_account *emit, void *ctx, struct au_err *err);
int sc_users_get(struct au_session *session, const char *id, au_emit_account *emit, void *ctx, struct au_err *err);
int sc_users_create(struct au_session *session, const struct au_target_account *want, au_emit_account *emit, void *ctx,
    struct au_err *err);
int sc_users_set_rights(struct au_session *session, const char *id, const struct au_target_account *want,
    au_emit_account *emit, void *ctx, struct au_err *err);
int sc_users_set_active(
    struct au_session *session, const char *id, bool active, au_emit_account *emit, void *ctx, struct au_err *err);
int sc_users_set_profile(struct au_session *session, const char *id, const struct au_target_account *want,
    au_emit_account *emit, void *ctx, struct au_err *err);
int sc_users_reset_secret(struct au_session *session, const char *id, const char *secret, au_emit_account *emit,
    void *ctx, struct au_err *err);
int sc_users_remove(struct au_session *session, const char *id, struct au_err *err);

/*
 * Emit the users whose attribute, userName (in any case) or externalId, is the text: by a filter, or where filters are
 * not supported by a look at all.
 */
int sc_users_by(struct au_session *session, const char *attribute, const char *value, au_emit_account *emit, void *ctx,
    struct au_err *err);

#endif
