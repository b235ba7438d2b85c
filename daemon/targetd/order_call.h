/* SPDX-License-Identifier: ISC */
/* What a person must do in place of a call: asked of the plugin, and looked at before it leaves this process. */
#ifndef TARGETD_ORDER_CALL_H
#define TARGETD_ORDER_CALL_H

#include "targetd/mask.h"
#include "wire/call.h"

/* Whether a call is for a person from the start, as the product has no API. */
bool au_order_is_due(const struct au_target *table, enum au_call_op op);
/*
 * The order for a changing call, as model/order_text.h has it; caller decrefs.  AU_EBUG: the plugin has none, made more
 * than one, left out what an order must have, or put a secret into it; otherwise what the plugin said.
 */
int au_order_ask(const struct au_target *table, struct au_session *session, const struct au_mask *mask,
    const struct au_call *call, json_t **ret, struct au_err *err);

#endif
