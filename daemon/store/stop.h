/* SPDX-License-Identifier: ISC */
/* Why a target is sent nothing.  Kept on disk, so that a restart goes on where the last life stood. */
#ifndef STORE_STOP_H
#define STORE_STOP_H

#include "store/store.h"

/* In the order in which they are told when a target is stopped for several reasons. */
enum au_stop_kind {
	AU_STOP_PAUSED = 1, /* by a person, for maintenance */
	AU_STOP_REFUSED,    /* credentials or rights of ours, until a probe succeeds */
	AU_STOP_QUARANTINE, /* it keeps failing */
	AU_STOP_THROTTLED,  /* it asked us to wait */
};
#define AU_STOP_KINDS (AU_STOP_THROTTLED + 1)

struct au_stop {
	const char *target;
	enum au_stop_kind kind;
	const char *reason; /* in words */
	const char *actor;  /* as in the audit */
	long long since_ms;
	long long until_ms; /* 0 = open end */
};

const char *au_stop_name(enum au_stop_kind kind); /* "paused", "refused", "quarantine", "throttled" */

int au_store_stop_put(struct au_store_tx *tx, const struct au_stop *stop, struct au_err *err); /* whole row */
/* *ret_changed (may be NULL): there was one. */
int au_store_stop_remove(
    struct au_store_tx *tx, const char *target, enum au_stop_kind kind, bool *ret_changed, struct au_err *err);
int au_store_stop_forget(struct au_store_tx *tx, enum au_stop_kind kind, struct au_err *err); /* of all targets */
/* Of all targets, in order of their names and of the kinds. */
int au_store_stop_list(
    struct au_store_tx *tx, struct au_arena *arena, struct au_stop **ret, size_t *ret_count, struct au_err *err);

#endif
