/* SPDX-License-Identifier: ISC */
/* What the audit chain needs from outside of it: anchors in the log, and an end to old rows. */
#ifndef MAIN_AUDIT_KEEPER_H
#define MAIN_AUDIT_KEEPER_H

#include "settings/settings.h"
#include "store/store.h"

#include <event2/event.h>

struct au_audit_keeper;

/* Works on the loop from the next turn on; settings are lent, and au_audit_keeper_follow takes others. */
struct au_audit_keeper *au_audit_keeper_new(
    struct event_base *base, struct au_store *store, const struct au_settings *settings);
void au_audit_keeper_follow(struct au_audit_keeper *keeper, const struct au_settings *settings);
/* The last anchor, when the loop is over and the store still open. */
void au_audit_keeper_stop(struct au_audit_keeper *keeper);
/* After the store was closed.  NULL is fine. */
void au_audit_keeper_free(struct au_audit_keeper *keeper);

#endif
