/* SPDX-License-Identifier: ISC */
/* Rows of the store as the JSON that the control socket speaks.  Times are milliseconds since 1970, 0 = never. */
#ifndef CONTROL_RENDER_H
#define CONTROL_RENDER_H

#include "base/json.h"
#include "model/account.h"
#include "model/apiuser.h"
#include "store/audit.h"
#include "store/client.h"
#include "store/fact.h"
#include "store/step.h"
#include "store/stranger.h"

json_t *au_render_user(const struct au_apiuser *user);
json_t *au_render_account(const struct au_account *account);
json_t *au_render_stranger(const struct au_stranger *stranger);
json_t *au_render_ignored(const struct au_ignored *ignored);
json_t *au_render_source(const struct au_source_row *source);
json_t *au_render_audit(const struct au_audit *row);
json_t *au_render_token(const struct au_token_row *row, long long now_ms);
json_t *au_render_steps(const struct au_step *steps, size_t count); /* an array */
/* Live: neither revoked nor expired. */
bool au_token_is_live(const struct au_token_row *row, long long now_ms);

#endif
