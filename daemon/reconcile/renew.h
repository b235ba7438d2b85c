/* SPDX-License-Identifier: ISC */
/*
 * One API user's entries read anew by their sources, before it is looked at: what
 * they say goes into the store by the way that all changes go, and takes nothing
 * away that a change which is heard of would not.
 */
#ifndef RECONCILE_RENEW_H
#define RECONCILE_RENEW_H

#include "reconcile/engine.h"
#include "reconcile/policy.h"

/* What became of one entry. */
enum au_renewed {
	AU_RENEWED_NOT = 0, /* it could not be read; what the store has counts */
	AU_RENEWED_READ,
	AU_RENEWED_ABSENT, /* the source shows no such entry; a reading of everything decides what that means */
	AU_RENEWED_PUSHED, /* nobody can be asked: a client pushes it, and what the store has is the truth */
};
struct au_renewal {
	struct au_renew *renew;
	const char *source, *id;
	enum au_renewed what;
	const char *text;    /* why not; NULL when there is nothing to say */
	long long at_ms;     /* when the source was last read as a whole; 0 = never */
	size_t groups, read; /* that were to be read with it, and that were */
	struct au_freshen_order order;
};
struct au_renew {
	struct au_engine *engine;
	struct au_policy *policy;
	struct au_arena *arena;
	const char *key;
	struct au_renewal *items;
	size_t count, waiting;
	void (*done)(void *ctx, int rc, const struct au_err *err);
	void *ctx;
};

/* reads: false only finds out how old what we have is.  All of it lives in the arena, which outlives it; done is called
 * once, not from within, and not any more when the engine was stopped. */
void au_renew_begin(struct au_renew *renew, bool reads);
/* [{"source", "id", "state": "read", "absent", "pushed" or "not read", "text", "at_ms", "groups", "groups_read"}]; the
 * caller owns it. */
json_t *au_renew_json(const struct au_renew *renew);
/* The first that could not be read; NULL when all were. */
const struct au_renewal *au_renew_failed(const struct au_renew *renew);

#endif
