/* SPDX-License-Identifier: ISC */
/*
 * Tells a ticket system what becomes of work orders: what waits in the store is sent, one document after the other, by
 * a helper process, until it is taken; at least once, and what belongs to one order in its order.  Nothing here ever
 * waits.  Each document is signed as "Standard Webhooks" says (https://www.standardwebhooks.com): Webhook-Id,
 * Webhook-Timestamp and Webhook-Signature, the last one with a signature for each key.
 *
 * {"type": "work.claim", "timestamp": "2026-01-02T06:00:00.000Z", "sequence": 17, "data": the order}
 *
 * sequence rises.  The answer may be {"ticket": "..."}, which is kept with the order.  Loop thread only.
 */
#ifndef WEBHOOK_WEBHOOK_H
#define WEBHOOK_WEBHOOK_H

#include "settings/settings.h"
#include "store/store.h"

struct event_base;
struct au_webhook;

/* Settings are held.  Without a url nothing is told, and what waits waits. */
struct au_webhook *au_webhook_new(struct event_base *base, struct au_store *store, struct au_settings *settings);
/* After a reload; keys are read anew. */
void au_webhook_settings(struct au_webhook *webhook, struct au_settings *settings);
/* Ends its helper; before the store is closed.  NULL is fine. */
void au_webhook_stop(struct au_webhook *webhook);
/* After the store is closed. */
void au_webhook_free(struct au_webhook *webhook);

#endif
