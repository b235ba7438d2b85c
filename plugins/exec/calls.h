/* SPDX-License-Identifier: ISC */
/* The interface's calls, passed on to the program. */
#ifndef EXEC_CALLS_H
#define EXEC_CALLS_H

#include "exec/session.h"

int exec_probe(struct au_session *s, struct au_err *err);
int exec_resolve(struct au_session *s, const char *rights, au_emit_text *emit, void *ctx, struct au_err *err);
int exec_find(struct au_session *s, const char *login, au_emit_account *emit, void *ctx, struct au_err *err);
int exec_get(struct au_session *s, const char *id, au_emit_account *emit, void *ctx, struct au_err *err);
int exec_create(
    struct au_session *s, const struct au_target_account *want, au_emit_account *emit, void *ctx, struct au_err *err);
int exec_list(struct au_session *s, au_emit_account *emit, void *ctx, struct au_err *err);
int exec_set_rights(struct au_session *s, const char *id, const struct au_target_account *want, au_emit_account *emit,
    void *ctx, struct au_err *err);
int exec_set_active(
    struct au_session *s, const char *id, bool active, au_emit_account *emit, void *ctx, struct au_err *err);
int exec_set_profile(struct au_session *s, const char *id, const struct au_target_account *want, au_emit_account *emit,
    void *ctx, struct au_err *err);
int exec_reset_secret(
    struct au_session *s, const char *id, const char *secret, au_emit_account *emit, void *ctx, struct au_err *err);
int exec_remove(struct au_session *s, const char *id, struct au_err *err);

#endif
