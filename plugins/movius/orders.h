/* SPDX-License-Identifier: ISC */
/* What a person does on the screens of the MultiLine Management Portal in place of a call. */
#ifndef MOVIUS_ORDERS_H
#define MOVIUS_ORDERS_H

#include "base/err.h"

struct au_session;

/* AU_EINVAL: credentials would be mailed out of the company.  AU_ENOSUP: the portal offers no such thing (MV-R10). */
int movius_order(
    struct au_session *session, const struct au_task *task, au_emit_order *emit, void *ctx, struct au_err *err);

#endif
