/* SPDX-License-Identifier: ISC */
/*
 * Terms: an API user expires at a date that its source states or a person has
 * set.  From then on nobody wants it, by time alone; it leaves as all others do,
 * guards included.  Warnings are told some time before, each of them once.
 */
#ifndef RECONCILE_TERM_H
#define RECONCILE_TERM_H

#include "reconcile/wanted.h"

#define AU_TERM_WARNINGS 8

/* Of whom a person has said so, nothing is wanted any more: wanted says why. */
void au_term_apply(struct au_arena *arena, const struct au_apiuser *user, long long now_ms, struct au_wanted *wanted);
/*
 * The latest moment that is due to be told: the end itself, or one of the warnings before it; 0 = none yet.
 * warnings_ms: how long before the end, 0 for those that are not there.
 */
long long au_term_due(long long expires_ms, const long long warnings_ms[AU_TERM_WARNINGS], long long now_ms);

/* The longest of the warnings that are configured. */
long long au_term_longest(const struct au_settings *settings);

/* Store work: tell whom it is time for, and mark whom it is over for. */
struct au_term_sweep {
	long long now_ms;
	long long warnings_ms[AU_TERM_WARNINGS];
	struct au_arena *arena;
	const char **told; /* what is to be logged, in the arena */
	size_t told_count;
	bool marked; /* keys are dirty by now */
};
void au_term_sweep_init(struct au_term_sweep *sweep, const struct au_settings *settings, long long now_ms);
void au_term_sweep_done(struct au_term_sweep *sweep);
/* Whether there is anything to do: one look into an index. */
int au_term_sweep_look(struct au_store_tx *tx, struct au_term_sweep *sweep, bool *ret, struct au_err *err);
int au_term_sweep_run(struct au_store_tx *tx, struct au_term_sweep *sweep, struct au_err *err);
void au_term_sweep_tell(const struct au_term_sweep *sweep);

/* Store work with its audit row: the date by a person's word, 0 = none.  AU_ENOENT, AU_EEXIST as of a search. */
struct au_term_set {
	const char *user; /* as people type it */
	long long term_ms;
	const char *actor, *reason;
	long long now_ms;
};
int au_term_set(struct au_store_tx *tx, struct au_arena *arena, const struct au_term_set *job, struct au_err *err);

#endif
