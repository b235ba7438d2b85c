/* SPDX-License-Identifier: ISC */
/* What a person does on the screens of IRIS HR Professional in place of a call. */
#ifndef IRIS_ORDERS_H
#define IRIS_ORDERS_H

#include "base/err.h"

struct au_session;

/* AU_ENOSUP: an API user from before October 2024, which no screen shows (IR-R11), cannot be changed that way. */
int iris_order(
    struct au_session *session, const struct au_task *task, au_emit_order *emit, void *ctx, struct au_err *err);

#endif
